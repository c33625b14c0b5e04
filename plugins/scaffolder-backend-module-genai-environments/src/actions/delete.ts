import { ServiceUnavailableError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { explainTrouble } from '../api/conditions';
import { withoutStack } from '../api/errors';
import { followEnvironment } from '../api/followEnvironment';
import { ApiActionOptions, apiFor, withTaskErrors } from './dependencies';
import { examples } from './delete.examples';

const DEFAULT_TIMEOUT_MINUTES = 45;

/** `genai:environment:delete`: tears an environment down and follows it to its end. */
export function createEnvironmentDeleteAction(options: ApiActionOptions) {
  return createTemplateAction({
    id: 'genai:environment:delete',
    description:
      'Tears a GenAI environment down, with its data and applications. Succeeds when there is none of that name.',
    examples,
    schema: {
      input: {
        name: z => z.string().describe('Name of the environment'),
        wait: z =>
          z
            .boolean()
            .optional()
            .describe('Wait until it is gone; default true'),
        timeoutMinutes: z =>
          z
            .number()
            .positive()
            .max(24 * 60)
            .optional()
            .describe(
              `How long to wait; default ${DEFAULT_TIMEOUT_MINUTES}. Teardown goes on when the time is up`,
            ),
      },
      output: {
        name: z => z.string().describe('Name of the environment'),
        deleted: z =>
          z.boolean().describe('Whether it is gone when the action ends'),
      },
    },
    handler: ctx =>
      withTaskErrors(async () => {
        const { name, wait = true, timeoutMinutes } = ctx.input;
        const api = await apiFor(ctx, options);
        ctx.signal?.throwIfAborted();
        const environment = await api.delete(name);
        ctx.output('name', name);
        if (!environment || environment.status.phase === 'Deleted') {
          ctx.logger.info(`There is no environment ${name} any more.`);
          ctx.output('deleted', true);
          return;
        }
        if (!wait) {
          ctx.output('deleted', false);
          return;
        }
        const minutes = timeoutMinutes ?? DEFAULT_TIMEOUT_MINUTES;
        const deadline = AbortSignal.timeout(minutes * 60_000);
        let last;
        try {
          last = await followEnvironment({
            ...{ api, environment, logger: ctx.logger },
            idleMs: options.timings?.idleMs,
            signal: ctx.signal
              ? AbortSignal.any([ctx.signal, deadline])
              : deadline,
            logFrom: 'Deleting',
            settledPhases: ['Deleted', 'Failed'],
            isSettled: found =>
              !found || ['Deleted', 'Failed'].includes(found.status.phase),
          });
        } catch (error) {
          if (!ctx.signal?.aborted && !deadline.aborted) throw error;
          throw withoutStack(
            new ServiceUnavailableError(
              ctx.signal?.aborted
                ? `The task was cancelled. Teardown of environment ${name} cannot be taken back and completes by itself.`
                : `Environment ${name} is not gone after ${minutes} minutes. Teardown goes on by itself; look at its page.`,
            ),
          );
        }
        if (last?.status.phase === 'Failed') {
          throw withoutStack(
            new ServiceUnavailableError(
              `Teardown of environment ${name} failed. ${explainTrouble(last)}`,
            ),
          );
        }
        ctx.output('deleted', true);
      }),
  });
}

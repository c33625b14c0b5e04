import type { Config } from '@backstage/config';
import {
  createTemplateAction,
  type ScaffolderService,
} from '@backstage/plugin-scaffolder-node';
import type { Environment } from '@genai-environments/backstage-plugin-genai-environments-common';
import type { EnvironmentsApi } from '../api/EnvironmentsApi';
import { toCreateRequest } from '../api/request';
import { cancellation, CreateSession } from './CreateSession';
import { ApiActionOptions, apiFor, withTaskErrors } from './dependencies';
import { environmentInput } from './inputs';
import { assertNotLost } from './localRepository';
import { examples } from './create.examples';
import { endedInVain, onceCancelled } from './taskEnd';
import { withdrawUnused } from './withdraw';

const DEFAULT_TIMEOUT_MINUTES = 45;

/** `genai:environment:create`: creates an environment and follows it until it is Ready. */
export function createEnvironmentCreateAction(
  options: ApiActionOptions & {
    config: Config;
    scaffolder: Pick<ScaffolderService, 'getTask'>;
  },
) {
  return createTemplateAction({
    id: 'genai:environment:create',
    description:
      'Creates a GenAI environment in the name of who started the task and follows it until it is Ready. Can be run again, also as a later step: the same task never makes a second environment, and creates it anew when it is gone. Cancelling tears down what the task created.',
    examples,
    schema: {
      input: {
        ...environmentInput,
        wait: z =>
          z
            .boolean()
            .optional()
            .describe('Wait until it is Ready; default true'),
        timeoutMinutes: z =>
          z
            .number()
            .positive()
            .max(24 * 60)
            .optional()
            .describe(
              `How long to wait; default ${DEFAULT_TIMEOUT_MINUTES}. The environment is not affected when the time is up`,
            ),
      },
      output: {
        name: z => z.string().describe('Name of the environment'),
        entityRef: z =>
          z.string().describe('Entity reference of the environment'),
        endpoint: z =>
          z
            .string()
            .optional()
            .describe("Base address of the environment's API"),
        tokenUrl: z =>
          z.string().optional().describe('OAuth 2.0 token endpoint'),
        appUrl: z =>
          z.string().optional().describe("Address of the project's app"),
        applicationId: z =>
          z
            .string()
            .optional()
            .describe(
              'Id of the application whose secret can be revealed on the Credentials tab; never the secret',
            ),
        clientId: z =>
          z
            .string()
            .optional()
            .describe('OAuth 2.0 client id of that application'),
      },
    },
    handler: ctx =>
      withTaskErrors(async () => {
        const { wait = true, timeoutMinutes, ...input } = ctx.input;
        const { config } = options;
        const api = await apiFor(ctx, options);
        const create = async () => {
          const request = await toCreateRequest({
            api,
            input,
            requestId: ctx.task.id,
            signal: ctx.signal,
          });
          assertNotLost({
            config,
            name: request.name,
            repository: request.app?.repository,
          });
          const session = new CreateSession({
            api,
            ctx,
            request,
            timeoutMinutes: timeoutMinutes ?? DEFAULT_TIMEOUT_MINUTES,
            timings: options.timings,
          });
          return { session, environment: await session.run({ wait }) };
        };
        const { session, environment } = await create().catch(async error => {
          await withdrawUnused({ config, api, ctx, name: input.name });
          throw error;
        });
        for (const [key, value] of await outputsOf(api, environment, wait)) {
          ctx.output(key, value);
        }
        if (ctx.signal?.aborted) {
          throw cancellation(await session.takeAway(environment));
        }
        // The scaffolder asks no action any more once a task is cancelled after its step.
        onceCancelled(ctx.signal, environment.uid, async () => {
          if (await endedInVain({ ctx, ...options })) {
            await session.takeAway(environment);
          }
        });
      }),
  });
}

async function outputsOf(
  api: EnvironmentsApi,
  environment: Environment,
  isReady: boolean,
) {
  const { name, status } = environment;
  const application = isReady ? await firstApplication(api, name) : undefined;
  const outputs = {
    name,
    entityRef: `resource:default/${name}`,
    endpoint: status.outputs.endpoint,
    tokenUrl: status.outputs.tokenUrl,
    appUrl: status.outputs.appUrl,
    applicationId: application?.id,
    clientId: application?.clientId,
  };
  return Object.entries(outputs).flatMap(([key, value]) =>
    value === undefined ? [] : [[key as keyof typeof outputs, value] as const],
  );
}

/** A comfort: who may create an environment need not be allowed to see this. */
async function firstApplication(api: EnvironmentsApi, name: string) {
  try {
    const applications = await api.listApplications(name);
    return applications.find(({ kind }) => kind === 'external');
  } catch {
    return undefined;
  }
}

import {
  InvalidInputError,
  type ServiceApp,
} from '@genai-environments/service-kit';
import * as z from 'zod';
import { applicationSpecSchema, clientIdSchema } from '../applications';
import type { PortalApplications } from '../platform/Platform';
import { controlKeyPolicy } from './controlAuth';
import type { RuntimeStatus } from './status';

/** Usage of one model by one application on one day (UTC). */
export type UsageItem = {
  clientId: string;
  model: string;
  day: string;
  invocations: number;
  failedInvocations: number;
  inputTokens: number;
  outputTokens: number;
};

export type ControlOptions = {
  controlKey: string;
  applications: PortalApplications;
  status: () => Promise<RuntimeStatus>;
  /** Days `YYYY-MM-DD`, both inclusive. */
  usage: (range: { from: string; to: string }) => Promise<UsageItem[]>;
  shutdown: () => void;
};

const clientIdParams = z.strictObject({ clientId: clientIdSchema });
const rangeQuery = z.strictObject({ from: z.iso.date(), to: z.iso.date() });

/**
 * What the provisioner tells and asks the runtime.
 *
 * @see docs/runtime-protocol.md
 */
export function controlRoutes(options: ControlOptions) {
  const { controlKey, applications, status, usage, shutdown } = options;
  const config = { auth: controlKeyPolicy(controlKey), undocumented: true };

  return async (app: ServiceApp): Promise<void> => {
    app.get('/control/status', { config }, () => status());

    app.put(
      '/control/applications/:clientId',
      {
        config,
        schema: { params: clientIdParams, body: applicationSpecSchema },
      },
      async request => {
        const { clientId } = request.params;
        await applications.put({ ...request.body, clientId });
        return { clientId, revision: request.body.revision };
      },
    );

    app.delete(
      '/control/applications/:clientId',
      { config, schema: { params: clientIdParams } },
      async (request, reply) => {
        await applications.delete(request.params.clientId);
        return reply.code(204).send();
      },
    );

    app.get(
      '/control/usage',
      { config, schema: { querystring: rangeQuery } },
      async request => {
        const { from, to } = request.query;
        if (from > to) {
          throw new InvalidInputError(
            `"from" (${from}) must not be after "to" (${to}).`,
          );
        }
        return { items: await usage({ from, to }) };
      },
    );

    app.post('/control/shutdown', { config }, async (_request, reply) => {
      // Only once the answer is out: closing ends this connection, too.
      reply.raw.once('finish', shutdown);
      return reply.code(202).send({ status: 'stopping' });
    });
  };
}

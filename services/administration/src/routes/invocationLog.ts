import type { ServiceApp } from '@genai-environments/service-kit';
import * as z from 'zod';
import type { RouteDependencies } from './dependencies';
import { clientIdParams, nextKey, pageQuerySchema } from './schemas';

const STATUS = {
  succeeded: 'SUCCESS',
  failed: 'FAILED',
  cancelled: 'CANCELLED',
} as const;

const pageSchema = z
  .object({
    items: z.array(
      z.object({
        timestamp: z.string().describe('When the call ended; ISO 8601, UTC.'),
        model_id: z.string(),
        status: z.enum(Object.values(STATUS)),
        input_tokens: z.int(),
        output_tokens: z.int(),
        cost_usd: z.number(),
        duration_ms: z.int(),
        cached: z.boolean(),
      }),
    ),
    last_evaluated_key: nextKey,
  })
  .meta({ id: 'InvocationLogPage' });

/** `GET /admin/invocations/{client_id}`: the calls of an application, newest first. */
export function addInvocationLogRoute(
  app: ServiceApp,
  { administration, metrics, auth }: RouteDependencies,
): void {
  app.get(
    '/admin/invocations/:client_id',
    {
      config: { auth },
      schema: {
        summary: 'Page through the model calls of an application, newest first',
        description:
          'One item per call, without what was asked or answered. Calls of the last 30 days, unless the owner keeps them longer or shorter.',
        params: clientIdParams,
        querystring: pageQuerySchema,
        response: { 200: pageSchema },
      },
    },
    async request => {
      const { client_id: clientId } = request.params;
      await administration.getApplication(clientId);
      const { items, nextCursor } = await metrics.calls(
        clientId,
        request.query,
      );
      return {
        items: items.map(call => ({
          timestamp: new Date(call.at).toISOString(),
          model_id: call.model,
          status: STATUS[call.status],
          input_tokens: call.inputTokens,
          output_tokens: call.outputTokens,
          cost_usd: call.costMicroUsd / 1_000_000,
          duration_ms: call.durationMs,
          cached: call.cached,
        })),
        last_evaluated_key: nextCursor ?? null,
      };
    },
  );
}

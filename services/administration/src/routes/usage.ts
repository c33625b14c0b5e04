import {
  classicOr,
  InvalidInputError,
  type ServiceApp,
} from '@genai-environments/service-kit';
import * as z from 'zod';
import { countDays, toDay, toDayRange } from '../domain/dateRange';
import type { RouteDependencies } from './dependencies';
import { limitStateSchema, toWireState } from './limitFormat';

const MAX_DAYS = 366;

const querySchema = z.object({
  from: z.iso
    .date()
    .optional()
    .describe('First day; default: the first one of this month (UTC).'),
  to: z.iso.date().optional().describe('Last day; default: today.'),
});

const count = z.int().nonnegative();
const answerSchema = z
  .object({
    client_id: z.string(),
    from: z.string(),
    to: z.string(),
    items: z.array(
      z.object({
        day: z.string(),
        model: z.string(),
        invocations: count,
        failed_invocations: count,
        cancelled_invocations: count,
        cached_invocations: count,
        input_tokens: count,
        output_tokens: count,
        cost_usd: z.number().nonnegative(),
      }),
    ),
    limits: z
      .array(limitStateSchema)
      .describe('Of this application; the environment may have its own.'),
  })
  .meta({ id: 'Usage' });

/** `GET /v1/usage`: what the calling application used, and what it may still use. */
export function addUsageRoute(
  app: ServiceApp,
  { administration, metrics, clock }: RouteDependencies,
): void {
  app.get(
    '/v1/usage',
    {
      config: { auth: classicOr('genai/usage.read') },
      schema: {
        summary: 'Get your own usage by day and model, and what is left',
        querystring: querySchema,
        response: { 200: answerSchema },
      },
    },
    async request => {
      const { clientId } = request.caller!;
      const today = toDay(clock.now());
      const { from = `${today.slice(0, 7)}-01`, to = today } = request.query;
      const range = toDayRange({ from, to });
      if (countDays(range) > MAX_DAYS) {
        throw new InvalidInputError(
          `The range has ${countDays(
            range,
          )} days; at most ${MAX_DAYS} are answered at once. Ask for parts of it.`,
          { code: 'range_too_long' },
        );
      }
      const usage = await metrics.usageByDay(clientId, range);
      const state = await administration.getOwnLimits(clientId);
      return {
        client_id: clientId,
        ...range,
        items: usage.map(item => ({
          day: item.day,
          model: item.model,
          invocations: item.invocations,
          failed_invocations: item.failedInvocations,
          cancelled_invocations: item.cancelledInvocations,
          cached_invocations: item.cachedInvocations,
          input_tokens: item.inputTokens,
          output_tokens: item.outputTokens,
          cost_usd: item.costMicroUsd / 1_000_000,
        })),
        limits: state.map(toWireState),
      };
    },
  );
}

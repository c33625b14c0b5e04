import type { ServiceApp } from '@genai-environments/service-kit';
import { toDayRange } from '../domain/dateRange';
import type { UsageSums } from '../ports/MetricsSource';
import type { RouteDependencies } from './dependencies';
import {
  invocationMetricsRequestSchema,
  invocationMetricsSchema,
} from './metricsSchemas';

/** `POST /admin/metrics/invocations`: calls of an application by model, from counters. */
export function addUsageMetricsRoute(
  app: ServiceApp,
  { administration, metrics, auth }: RouteDependencies,
): void {
  app.post(
    '/admin/metrics/invocations',
    {
      config: { auth },
      schema: {
        summary: 'Count the model calls of an application, by model',
        body: invocationMetricsRequestSchema,
        response: { 200: invocationMetricsSchema },
      },
    },
    async request => {
      const { app_id: id, start_date, end_date, model_id } = request.body;
      const range = toDayRange({ from: start_date, to: end_date });
      await administration.getApplication(id);
      const sums = await metrics.usageByModel(id, range);
      const wanted = sums.filter(
        ({ model }) => !model_id || model === model_id,
      );
      return {
        items: Object.fromEntries(
          wanted.map(sum => [sum.model, toAnswer(sum)]),
        ),
        last_evaluated_key: null,
      };
    },
  );
}

function toAnswer(sums: UsageSums) {
  const { invocations, failedInvocations, cancelledInvocations } = sums;
  const asked = invocations - sums.cachedInvocations;
  return {
    model_name: sums.model,
    total_count: invocations,
    total_input_tokens: sums.inputTokens,
    total_output_tokens: sums.outputTokens,
    total_cost_usd: sums.costMicroUsd / 1_000_000,
    cached_count: sums.cachedInvocations,
    average_duration_ms: asked > 0 ? Math.round(sums.durationMs / asked) : 0,
    status_counts: countStatuses({
      SUCCESS: invocations - failedInvocations - cancelledInvocations,
      FAILED: failedInvocations,
      CANCELLED: cancelledInvocations,
    }),
  };
}

/** Only those that occur, as classic clients expect. */
function countStatuses(counts: Record<string, number>) {
  return Object.fromEntries(
    Object.entries(counts).filter(([, count]) => count > 0),
  );
}

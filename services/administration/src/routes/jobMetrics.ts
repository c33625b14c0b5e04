import type { ServiceApp } from '@genai-environments/service-kit';
import { toDayRange, toTimeRange } from '../domain/dateRange';
import type { JobKind } from '../domain/Metrics';
import type { JobSums } from '../ports/MetricsSource';
import type { RouteDependencies } from './dependencies';
import {
  extractionMetricsSchema,
  jobMetricsSchema,
  metricsRequestSchema,
} from './metricsSchemas';

/** `POST /admin/metrics/{extraction,chunking,vectorization}-jobs`: jobs by status. */
export function addJobMetricsRoutes(
  app: ServiceApp,
  dependencies: RouteDependencies,
): void {
  const { administration, metrics, auth } = dependencies;

  async function group<T>(
    kind: JobKind,
    body: { app_id: string; start_date?: string; end_date?: string },
    toAnswer: (sums: JobSums) => T,
  ) {
    const range = toDayRange({ from: body.start_date, to: body.end_date });
    await administration.getApplication(body.app_id);
    const sums = await metrics.jobsByStatus(
      kind,
      body.app_id,
      toTimeRange(range),
    );
    const entries = sums.map(sum => [sum.status, toAnswer(sum)] as const);
    return { items: Object.fromEntries(entries), last_evaluated_key: null };
  }

  app.post(
    '/admin/metrics/extraction-jobs',
    {
      config: { auth },
      schema: {
        summary: 'Count the extraction jobs of an application, by status',
        body: metricsRequestSchema,
        response: { 200: extractionMetricsSchema },
      },
    },
    request =>
      group('extraction', request.body, sums => ({
        total_count: sums.jobs,
        total_completed_file_count: sums.completedFiles,
        total_total_file_count: sums.totalFiles,
        total_failed_file_count: sums.failedFiles,
      })),
  );

  for (const kind of ['chunking', 'vectorization'] as const) {
    app.post(
      `/admin/metrics/${kind}-jobs`,
      {
        config: { auth },
        schema: {
          summary: `Count the ${kind} jobs of an application, by status`,
          body: metricsRequestSchema,
          response: { 200: jobMetricsSchema },
        },
      },
      request =>
        group(kind, request.body, sums => ({
          total_count: sums.jobs,
          total_completed_files: sums.completedFiles,
          total_total_files: sums.totalFiles,
          total_failed_files: sums.failedFiles,
        })),
    );
  }
}

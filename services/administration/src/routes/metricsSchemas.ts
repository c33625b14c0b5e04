import * as z from 'zod';
import { clientId, cursor, nextKey } from './schemas';

// The classic portal sends its date fields also when they are empty.
const day = z
  .union([z.iso.date('must be a day, YYYY-MM-DD'), z.literal('')])
  .nullish()
  .transform(value => value || undefined);

const limit = z.int().min(1).max(1000).default(1000);
const startKey = cursor
  .nullish()
  .transform(value => value ?? undefined)
  .describe('The `last_evaluated_key` of the page before.');

export const metricsRequestSchema = z
  .object({
    app_id: clientId,
    start_date: day.describe('First day, YYYY-MM-DD (UTC).'),
    end_date: day.describe('Last day, to its end.'),
    limit,
    last_evaluated_key: startKey,
  })
  .meta({ id: 'MetricsRequest' });

export const invocationMetricsRequestSchema = metricsRequestSchema
  .extend({
    model_id: z
      .string()
      .max(256)
      .nullish()
      .describe('Only this model; default: all of them.'),
  })
  .meta({ id: 'InvocationMetricsRequest' });

export const vectorIndexesRequestSchema = z
  .object({
    vector_store_id: z.string().min(1).max(128),
    limit,
    last_evaluated_key: startKey,
  })
  .meta({ id: 'VectorIndexMetricsRequest' });

const count = z.int().nonnegative();

const answer = <T extends z.ZodType>(items: T) =>
  z.object({ items, last_evaluated_key: nextKey });

export const invocationMetricsSchema = answer(
  z.record(
    z.string().describe('Id of the model.'),
    z.object({
      model_name: z.string(),
      total_count: count,
      total_input_tokens: count,
      total_output_tokens: count,
      total_cost_usd: z.number().nonnegative(),
      cached_count: count,
      average_duration_ms: z.number().nonnegative(),
      status_counts: z.record(z.string(), count),
    }),
  ),
).meta({ id: 'InvocationMetrics' });

export const extractionMetricsSchema = answer(
  z.record(
    z.string().describe('Status of the jobs.'),
    z.object({
      total_count: count,
      total_completed_file_count: count,
      total_total_file_count: count,
      total_failed_file_count: count,
    }),
  ),
).meta({ id: 'ExtractionJobMetrics' });

export const jobMetricsSchema = answer(
  z.record(
    z.string().describe('Status of the jobs.'),
    z.object({
      total_count: count,
      total_completed_files: count,
      total_total_files: count,
      total_failed_files: count,
    }),
  ),
).meta({ id: 'JobMetrics' });

export const vectorStoreMetricsSchema = answer(
  z.array(
    z.object({
      vector_store_id: z.string(),
      store_name: z.string(),
      app_id: z.string(),
      store_type: z.string(),
      created_at: z.string(),
    }),
  ),
).meta({ id: 'VectorStoreMetrics' });

export const vectorIndexMetricsSchema = answer(
  z.array(
    z.object({
      index_id: z.string(),
      vector_store_id: z.string(),
      index_name: z.string(),
      created_at: z.string(),
    }),
  ),
).meta({ id: 'VectorIndexMetrics' });

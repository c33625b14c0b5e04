import * as z from 'zod';

/**
 * Variables that switch telemetry on. The standard ones say where it goes and as whom:
 * `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_RESOURCE_ATTRIBUTES`,
 * `OTEL_SERVICE_NAME`, `OTEL_TRACES_SAMPLER_ARG`, `OTEL_METRIC_EXPORT_INTERVAL`.
 */
export const telemetryEnvironmentSchema = z.object({
  GENAI_TELEMETRY: z
    .enum(['off', 'otlp'], 'must be "otlp" or "off"')
    .default('off'),
  GENAI_TELEMETRY_CONTENT: z
    .enum(['true', 'false'], 'must be "true" or "false"')
    .default('false')
    .transform(value => value === 'true'),
  OTEL_METRIC_EXPORT_INTERVAL: z
    .string()
    .regex(/^\d{1,9}$/, 'must be a number of milliseconds')
    .transform(Number)
    .refine(value => value >= 100, 'must be at least 100')
    .default(60_000),
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .regex(/^(0(\.\d+)?|1(\.0+)?)$/, 'must be a number from 0 to 1')
    .transform(Number)
    .default(1),
});

export type TelemetryConfig = {
  /** Prompts and answers become part of spans; default no. */
  recordContent: boolean;
  metricIntervalMs: number;
  /** Part of the traces that begin here which is kept, 0 to 1. */
  sampleRatio: number;
};

/**
 * `undefined` when telemetry is off.
 *
 * @throws ZodError that names a variable, never its value
 */
export function readTelemetryConfig(
  env: Record<string, string | undefined>,
): TelemetryConfig | undefined {
  const parsed = telemetryEnvironmentSchema.parse(env);
  if (parsed.GENAI_TELEMETRY === 'off') return undefined;
  return {
    recordContent: parsed.GENAI_TELEMETRY_CONTENT,
    metricIntervalMs: parsed.OTEL_METRIC_EXPORT_INTERVAL,
    sampleRatio: parsed.OTEL_TRACES_SAMPLER_ARG,
  };
}

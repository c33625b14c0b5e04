import type { Telemetry } from './Telemetry';
import { readTelemetryConfig } from './telemetryConfig';

/** Whose telemetry it is; `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` overrule it. */
export type TelemetryIdentity = {
  serviceName: string;
  serviceVersion: string;
  environmentName: string;
};

/**
 * Starts telemetry when `GENAI_TELEMETRY=otlp`: OTLP over HTTP (JSON). `undefined` otherwise,
 * and then nothing of OpenTelemetry is loaded.
 *
 * Rejects with `ZodError` when a variable is malformed; it names the variable, never the value
 */
export async function startTelemetry(options: {
  env: Record<string, string | undefined>;
  identity: TelemetryIdentity;
}): Promise<Telemetry | undefined> {
  const config = readTelemetryConfig(options.env);
  if (!config) return undefined;
  const { OtlpTelemetry } = await import('./otlp/OtlpTelemetry');
  return new OtlpTelemetry({ config, identity: options.identity });
}

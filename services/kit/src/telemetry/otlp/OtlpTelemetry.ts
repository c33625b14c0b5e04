import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, ROOT_CONTEXT } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { ServiceApp } from '../../app/ServiceApp';
import type { TelemetryIdentity } from '../startTelemetry';
import type { ModelCall, ModelCallSpan, Telemetry } from '../Telemetry';
import type { TelemetryConfig } from '../telemetryConfig';
import { HttpTelemetry } from './HttpTelemetry';
import { ModelTelemetry } from './ModelTelemetry';

/** How long {@link OtlpTelemetry.close} tries to send what is pending. */
const CLOSE_TIMEOUT_MS = 2000;

const SCOPE = '@genai-environments/service-kit';

/**
 * Telemetry through OpenTelemetry's SDK. Keeps its providers to itself: nothing global is
 * set, so that libraries in the process do not begin to trace on their own.
 */
export class OtlpTelemetry implements Telemetry {
  private readonly tracers: TracerProvider;
  private readonly meters: MeterProvider;
  private readonly models: ModelTelemetry;
  private readonly http: HttpTelemetry;
  private closed: Promise<void> | undefined;

  constructor(options: {
    config: TelemetryConfig;
    identity: TelemetryIdentity;
  }) {
    const { config, identity } = options;
    const resource = describeProcess(identity);
    this.tracers = new TracerProvider({
      resource,
      sampler: new ParentBasedSampler({
        root: new TraceIdRatioBasedSampler(config.sampleRatio),
      }),
      spanProcessors: [
        new BatchSpanProcessor({ exporter: new OTLPTraceExporter() }),
      ],
    });
    this.meters = new MeterProvider({
      resource,
      readers: [
        new PeriodicExportingMetricReader({
          exporter: new OTLPMetricExporter(),
          exportIntervalMillis: config.metricIntervalMs,
          exportTimeoutMillis: Math.min(config.metricIntervalMs, 30_000),
        }),
      ],
    });

    const contexts = new AsyncLocalStorage<Context>();
    const shared = {
      tracer: this.tracers.getTracer(SCOPE, identity.serviceVersion),
      meter: this.meters.getMeter(SCOPE, identity.serviceVersion),
    };
    this.http = new HttpTelemetry({ ...shared, contexts });
    this.models = new ModelTelemetry({
      ...shared,
      recordContent: config.recordContent,
      context: () => contexts.getStore() ?? ROOT_CONTEXT,
    });
  }

  startModelCall(call: ModelCall): ModelCallSpan {
    return this.models.start(call);
  }

  addHttpHooks(app: ServiceApp): void {
    this.http.addHooks(app);
  }

  close(): Promise<void> {
    this.closed ??= withinTime(
      Promise.allSettled([this.tracers.shutdown(), this.meters.shutdown()]),
    );
    return this.closed;
  }
}

/** A receiver that is gone must not hold up the end of the process. */
async function withinTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise(resolve => {
    timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

function describeProcess(identity: TelemetryIdentity) {
  const { serviceName, serviceVersion, environmentName } = identity;
  return resourceFromAttributes({
    'service.name': process.env.OTEL_SERVICE_NAME || serviceName,
    'service.version': serviceVersion,
    'deployment.environment.name': environmentName,
  }).merge(detectResources({ detectors: [envDetector] }));
}

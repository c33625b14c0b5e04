import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

type KeyValue = { key: string; value: Record<string, unknown> };
type WireSpan = {
  name: string;
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  status: { code?: number };
  attributes: KeyValue[];
};
type WirePoint = { count: number; sum: number; attributes: KeyValue[] };
type WireResource = { attributes: KeyValue[] };
type TracesBody = {
  resourceSpans: Array<{
    resource: WireResource;
    scopeSpans: Array<{ spans: WireSpan[] }>;
  }>;
};
type MetricsBody = {
  resourceMetrics: Array<{
    scopeMetrics: Array<{
      metrics: Array<{
        name: string;
        unit: string;
        histogram?: { dataPoints: WirePoint[] };
      }>;
    }>;
  }>;
};

export type ReceivedSpan = Omit<WireSpan, 'attributes'> & {
  attributes: Record<string, unknown>;
};

export type ReceivedPoint = {
  metric: string;
  unit: string;
  count: number;
  sum: number;
  attributes: Record<string, unknown>;
};

/** A collector on loopback that keeps what it is sent: OTLP over HTTP, JSON. */
export class OtlpReceiver {
  readonly spans: ReceivedSpan[] = [];
  readonly points: ReceivedPoint[] = [];
  resource: Record<string, unknown> = {};
  /** All bodies, as text. */
  text = '';
  private readonly server: Server;

  constructor() {
    this.server = createServer(async (request, response) => {
      const body = await json(request);
      this.text += JSON.stringify(body);
      if (request.url === '/v1/traces') this.addTraces(body as TracesBody);
      if (request.url === '/v1/metrics') this.addMetrics(body as MetricsBody);
      response.setHeader('content-type', 'application/json');
      response.end('{}');
    });
  }

  /** Address for `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  async listen(): Promise<string> {
    await new Promise<void>(resolve => {
      this.server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  span(name: string): ReceivedSpan | undefined {
    return this.spans.find(each => each.name === name);
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private addTraces({ resourceSpans }: TracesBody): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      this.resource = toRecord(resource.attributes);
      for (const { spans } of scopeSpans) {
        for (const span of spans) {
          this.spans.push({ ...span, attributes: toRecord(span.attributes) });
        }
      }
    }
  }

  private addMetrics({ resourceMetrics }: MetricsBody): void {
    const metrics = resourceMetrics
      .flatMap(({ scopeMetrics }) => scopeMetrics)
      .flatMap(scope => scope.metrics);
    for (const { name: metric, unit, histogram } of metrics) {
      for (const { count, sum, attributes } of histogram?.dataPoints ?? []) {
        this.points.push({
          metric,
          unit,
          count,
          sum,
          attributes: toRecord(attributes),
        });
      }
    }
  }
}

function toRecord(attributes: KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, Object.values(value)[0]]),
  );
}

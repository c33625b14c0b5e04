import type { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Attributes,
  type Context,
  defaultTextMapGetter,
  type Histogram,
  type Meter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServiceApp } from '../../app/ServiceApp';

/** Boundaries of the HTTP conventions. */
const SECONDS = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];

/** Methods that may become values of an attribute; others are callers' inventions. */
const METHODS = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
]);

type Watched = { span: Span; context: Context; startedAt: number };

/** A span and a duration per request, by the HTTP conventions. No address, query or header. */
export class HttpTelemetry {
  private readonly requests = new WeakMap<FastifyRequest, Watched>();
  private readonly propagator = new W3CTraceContextPropagator();
  private readonly duration: Histogram;

  constructor(
    private readonly options: {
      tracer: Tracer;
      meter: Meter;
      contexts: AsyncLocalStorage<Context>;
    },
  ) {
    this.duration = options.meter.createHistogram(
      'http.server.request.duration',
      {
        description: 'Duration of requests',
        unit: 's',
        advice: { explicitBucketBoundaries: SECONDS },
      },
    );
  }

  addHooks(app: ServiceApp): void {
    const { contexts } = this.options;
    app.addHook('onRequest', (request, reply, done) => {
      this.requests.set(request, this.begin(request));
      // Fastify calls no hook for an answer that nobody waits for any more.
      reply.raw.once('close', () => {
        if (!reply.raw.writableFinished) this.end(request, undefined);
      });
      done();
    });
    // Not earlier: a body arrives in the context of its connection.
    app.addHook('preHandler', (request, _reply, done) => {
      const watched = this.requests.get(request);
      if (watched) contexts.run(watched.context, done);
      else done();
    });
    app.addHook('onResponse', (request, reply, done) => {
      this.end(request, reply);
      done();
    });
  }

  private begin(request: FastifyRequest): Watched {
    const parent = this.propagator.extract(
      ROOT_CONTEXT,
      request.headers,
      defaultTextMapGetter,
    );
    const { method, route } = describe(request);
    const span = this.options.tracer.startSpan(
      route ? `${method} ${route}` : method,
      {
        kind: SpanKind.SERVER,
        attributes: attributesOf(request),
      },
      parent,
    );
    const context = trace.setSpan(parent, span);
    return { span, context, startedAt: performance.now() };
  }

  private end(request: FastifyRequest, reply: FastifyReply | undefined): void {
    const watched = this.requests.get(request);
    if (!watched) return;
    this.requests.delete(request);
    const { span, startedAt } = watched;
    const outcome: Attributes = reply
      ? {
          'http.response.status_code': reply.statusCode,
          ...(reply.statusCode >= 500
            ? { 'error.type': String(reply.statusCode) }
            : {}),
        }
      : { 'error.type': 'cancelled' };
    span.setAttributes(outcome);
    if (reply && reply.statusCode >= 500) {
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
    this.duration.record((performance.now() - startedAt) / 1000, {
      ...attributesOf(request),
      ...outcome,
    });
  }
}

function attributesOf(request: FastifyRequest): Attributes {
  const { method, route } = describe(request);
  return {
    'http.request.method': method,
    'url.scheme': request.protocol,
    ...(route ? { 'http.route': route } : {}),
  };
}

/** The route's pattern: what callers put into an address stays out. */
function describe(request: FastifyRequest): { method: string; route?: string } {
  const method = METHODS.has(request.method) ? request.method : '_OTHER';
  return { method, route: request.routeOptions.url };
}

import type { FastifyRequest } from 'fastify';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { type App, buildApp } from '../app/buildApp';
import { createLogger } from '../logging/createLogger';
import { createTestAuth } from '../testing';
import { withModelCall } from '.';
import { CALL, OUTCOME, useTelemetry } from './testing/useTelemetry';

describe('telemetry of requests', () => {
  const harness = useTelemetry();
  let app: App | undefined;
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  async function startApp(
    work: (request: FastifyRequest) => Promise<object>,
  ): Promise<App> {
    app = await buildApp({
      services: [],
      auth: await createTestAuth(),
      logger: createLogger({ level: 'silent' }),
      info: { title: 'Test', version: '1' },
      hooks: each => harness.telemetry.addHttpHooks(each),
      routes: each => {
        each.post('/things/:id', { config: { auth: 'public' } }, work);
      },
    });
    return app;
  }

  it('joins the trace of the caller, the request and the call of the model', async () => {
    const { listen } = await startApp(async () =>
      withModelCall(harness.telemetry, CALL, {
        work: async () => ({ done: true }),
        outcomeOf: () => OUTCOME,
      }),
    );
    const { port } = await listen({ host: '127.0.0.1', port: 0 });
    const traceId = 'a'.repeat(32);
    const answer = await fetch(`http://127.0.0.1:${port}/things/7?q=private`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        traceparent: `00-${traceId}-${'b'.repeat(16)}-01`,
      },
      body: '{}',
    });
    expect(answer.status).toBe(200);
    await app!.close();
    await harness.telemetry.close();

    const server = harness.receiver.span('POST /things/:id')!;
    expect(server).toMatchObject({
      kind: 2,
      traceId,
      parentSpanId: 'b'.repeat(16),
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/things/:id',
        'http.response.status_code': 200,
      },
    });
    expect(harness.receiver.span('chat m1')).toMatchObject({
      traceId,
      parentSpanId: server.spanId,
    });
    expect(harness.receiver.text).not.toContain('private');
    expect(harness.receiver.text).not.toContain('/things/7');
    expect(harness.receiver.points).toContainEqual({
      metric: 'http.server.request.duration',
      unit: 's',
      count: 1,
      sum: expect.any(Number),
      attributes: {
        'http.request.method': 'POST',
        'url.scheme': 'http',
        'http.route': '/things/:id',
        'http.response.status_code': 200,
      },
    });
  });

  it('tells a server error, an unknown address and a caller that hung up', async () => {
    let hangUp = false;
    let tell: (socket: Socket) => void;
    const reached = new Promise<Socket>(resolve => {
      tell = resolve;
    });
    const { fastify, listen } = await startApp(async request => {
      if (!hangUp) throw new Error('secret of Ada');
      tell(request.raw.socket);
      return new Promise(() => {});
    });
    const { port } = await listen({ host: '127.0.0.1', port: 0 });
    await fastify.inject({ method: 'POST', url: '/things/1' });
    await fastify.inject('/nowhere/private');
    hangUp = true;
    const call = httpRequest(`http://127.0.0.1:${port}/things/2`, {
      method: 'POST',
    });
    call.on('error', () => {});
    call.end('{}');
    const socket = await reached;
    const closed = once(socket, 'close');
    call.destroy();
    await closed;
    await app!.close();
    await harness.telemetry.close();

    expect(
      harness.receiver.spans.map(({ name, attributes, status }) => [
        name,
        attributes['http.response.status_code'],
        attributes['error.type'],
        status.code,
      ]),
    ).toEqual([
      ['POST /things/:id', 500, '500', 2],
      ['GET', 404, undefined, 0],
      ['POST /things/:id', undefined, 'cancelled', 0],
    ]);
    expect(harness.receiver.text).not.toMatch(/private|secret of Ada/);
  });
});

import { buildSync } from 'esbuild';
import type { FastifyRequest } from 'fastify';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, buildApp } from '../app/buildApp';
import { DependencyError } from '../errors';
import { createLogger } from '../logging/createLogger';
import { createTestAuth } from '../testing';
import {
  type ModelCall,
  readTelemetryConfig,
  startTelemetry,
  type Telemetry,
  withModelCall,
} from '.';
import { OtlpReceiver } from './testing/OtlpReceiver';

const CALL: ModelCall = {
  operation: 'chat',
  provider: 'aws.bedrock',
  model: 'm1',
  clientId: 'app-1',
  temperature: 0,
  maxTokens: 50,
  input: () => [{ role: 'user', content: 'What is the secret of Ada?' }],
};
const OUTCOME = {
  inputTokens: 7,
  outputTokens: 3,
  responseModel: 'm1-2026',
  finishReasons: ['stop'],
  output: () => 'It is 42.',
};
const COMMON = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'aws.bedrock',
  'gen_ai.request.model': 'm1',
};

/**
 * The same source as a bundle: the exporters load Node's HTTP client by `import()`, which
 * this test runner cannot do and the bundler turns into `require`.
 */
function bundle(directory: string): typeof import('.') {
  const outfile = join(directory, 'telemetry.cjs');
  buildSync({
    entryPoints: [join(__dirname, 'index.ts')],
    bundle: true,
    platform: 'node',
    supported: { 'dynamic-import': false },
    outfile,
  });
  return jest.requireActual(outfile);
}

describe('telemetry', () => {
  let directory: string;
  let bundled: typeof import('.');
  let receiver: OtlpReceiver;
  let telemetry: Telemetry;
  let app: App | undefined;
  const before = { ...process.env };

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'telemetry-'));
    bundled = bundle(directory);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  beforeEach(async () => {
    receiver = new OtlpReceiver();
    // The exporters read the standard variables themselves.
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = await receiver.listen();
    process.env.OTEL_RESOURCE_ATTRIBUTES = 'team=blue';
    telemetry = await start();
  });
  afterEach(async () => {
    await app?.close();
    app = undefined;
    await telemetry.close();
    receiver.close();
    process.env = { ...before };
  });

  async function start(env: Record<string, string> = {}): Promise<Telemetry> {
    const started = await bundled.startTelemetry({
      env: { GENAI_TELEMETRY: 'otlp', ...env },
      identity: {
        serviceName: 'genai-environment',
        serviceVersion: '1.2.3',
        environmentName: 'demo',
      },
    });
    return started!;
  }

  async function startApp(
    work: (request: FastifyRequest) => Promise<object>,
  ): Promise<App> {
    app = await buildApp({
      services: [],
      auth: await createTestAuth(),
      logger: createLogger({ level: 'silent' }),
      info: { title: 'Test', version: '1' },
      hooks: each => telemetry.addHttpHooks(each),
      routes: each => {
        each.post('/things/:id', { config: { auth: 'public' } }, work);
      },
    });
    return app;
  }

  it('describes a call of a model as a span and as metrics', async () => {
    await withModelCall(telemetry, CALL, {
      work: async () => 'result',
      outcomeOf: () => OUTCOME,
    });
    await telemetry.close();

    expect(receiver.resource).toMatchObject({
      'service.name': 'genai-environment',
      'service.version': '1.2.3',
      'deployment.environment.name': 'demo',
      team: 'blue',
    });
    expect(receiver.span('chat m1')).toMatchObject({
      kind: 3,
      attributes: {
        ...COMMON,
        'genai.application.id': 'app-1',
        'gen_ai.request.temperature': 0,
        'gen_ai.request.max_tokens': 50,
        'gen_ai.response.model': 'm1-2026',
        'gen_ai.usage.input_tokens': 7,
        'gen_ai.usage.output_tokens': 3,
        'gen_ai.response.finish_reasons': { values: [{ stringValue: 'stop' }] },
      },
    });
    const tokens = receiver.points.filter(
      ({ metric }) => metric === 'gen_ai.client.token.usage',
    );
    expect(
      tokens.map(({ sum, unit, attributes }) => [
        attributes['gen_ai.token.type'],
        sum,
        unit,
      ]),
    ).toEqual([
      ['input', 7, '{token}'],
      ['output', 3, '{token}'],
    ]);
    expect(receiver.points).toContainEqual({
      metric: 'gen_ai.client.operation.duration',
      unit: 's',
      count: 1,
      sum: expect.any(Number),
      attributes: { ...COMMON, 'gen_ai.response.model': 'm1-2026' },
    });
  });

  it('sends no contents unless it is told to', async () => {
    const call = (used: Telemetry) =>
      withModelCall(used, CALL, {
        work: async () => 'result',
        outcomeOf: () => OUTCOME,
      });
    await call(telemetry);
    await telemetry.close();
    expect(receiver.text).not.toMatch(/secret of Ada|It is 42/);

    const telling = await start({ GENAI_TELEMETRY_CONTENT: 'true' });
    await call(telling);
    await telling.close();
    expect(receiver.spans.at(-1)!.attributes).toMatchObject({
      'gen_ai.input.messages': expect.stringContaining('secret of Ada'),
      'gen_ai.output.messages': '"It is 42."',
    });
  });

  it('tells failures by their code, and hanging up apart from them', async () => {
    const failing = (error: Error) =>
      withModelCall(telemetry, CALL, {
        work: () => Promise.reject(error),
        outcomeOf: () => OUTCOME,
        isCancelled: each => (each as Error).message === 'hung up',
      });
    const refused = new DependencyError('The model refused "secret of Ada".', {
      kind: 'failed',
      retryable: false,
      code: 'model_refused',
    });
    await expect(failing(refused)).rejects.toBe(refused);
    await expect(failing(new Error('hung up'))).rejects.toThrow('hung up');
    await telemetry.close();
    expect(
      receiver.spans.map(({ attributes, status }) => [
        attributes['error.type'],
        status.code,
      ]),
    ).toEqual([
      ['model_refused', 2],
      ['cancelled', 0],
    ]);
    expect(receiver.text).not.toContain('secret of Ada');
    expect(
      receiver.points.filter(
        ({ metric }) => metric === 'gen_ai.client.token.usage',
      ),
    ).toEqual([]);
  });

  it('measures the first part of a stream once', async () => {
    const span = telemetry.startModelCall({ ...CALL, stream: true });
    span.firstChunk();
    span.firstChunk();
    span.end({ inputTokens: 1, outputTokens: 1 });
    await telemetry.close();
    expect(
      receiver.points.find(
        ({ metric }) =>
          metric === 'gen_ai.client.operation.time_to_first_chunk',
      ),
    ).toMatchObject({ count: 1, unit: 's', attributes: COMMON });
    expect(receiver.span('chat m1')!.attributes).toMatchObject({
      'gen_ai.request.stream': true,
      'gen_ai.response.time_to_first_chunk': expect.any(Number),
    });
  });

  it('joins the trace of the caller, the request and the call of the model', async () => {
    const { listen } = await startApp(async () =>
      withModelCall(telemetry, CALL, {
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
    await telemetry.close();

    const server = receiver.span('POST /things/:id')!;
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
    expect(receiver.span('chat m1')).toMatchObject({
      traceId,
      parentSpanId: server.spanId,
    });
    expect(receiver.text).not.toContain('private');
    expect(receiver.text).not.toContain('/things/7');
    expect(receiver.points).toContainEqual({
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
    await telemetry.close();

    expect(
      receiver.spans.map(({ name, attributes, status }) => [
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
    expect(receiver.text).not.toMatch(/private|secret of Ada/);
  });

  it('samples as told', async () => {
    const none = await start({ OTEL_TRACES_SAMPLER_ARG: '0' });
    await withModelCall(none, CALL, {
      work: async () => 1,
      outcomeOf: () => OUTCOME,
    });
    await none.close();
    expect(receiver.spans).toEqual([]);
    expect(receiver.points).not.toEqual([]);
  });

  it('costs no call its answer when nobody receives', async () => {
    receiver.close();
    await expect(
      withModelCall(telemetry, CALL, {
        work: async () => 'result',
        outcomeOf: () => OUTCOME,
      }),
    ).resolves.toBe('result');
    await telemetry.close();
    await telemetry.close();
  });
});

describe('telemetry that is off', () => {
  it('loads nothing and leaves the call alone', async () => {
    jest.doMock('./otlp/OtlpTelemetry', () => {
      throw new Error('must not be loaded');
    });
    const identity = {
      serviceName: 'a',
      serviceVersion: '1',
      environmentName: 'b',
    };
    for (const env of [{}, { GENAI_TELEMETRY: 'off' }]) {
      expect(await startTelemetry({ env, identity })).toBeUndefined();
    }
    const outcomeOf = jest.fn();
    await expect(
      withModelCall(undefined, CALL, { work: async () => 1, outcomeOf }),
    ).resolves.toBe(1);
    expect(outcomeOf).not.toHaveBeenCalled();
  });

  it.each([
    [{ GENAI_TELEMETRY: 'jaeger' }, 'GENAI_TELEMETRY'],
    [{ GENAI_TELEMETRY_CONTENT: 'maybe' }, 'GENAI_TELEMETRY_CONTENT'],
    [{ OTEL_METRIC_EXPORT_INTERVAL: '10 s' }, 'OTEL_METRIC_EXPORT_INTERVAL'],
    [{ OTEL_TRACES_SAMPLER_ARG: '2' }, 'OTEL_TRACES_SAMPLER_ARG'],
  ])('refuses %j by name', (env, name) => {
    expect(() => readTelemetryConfig(env)).toThrow(name);
  });
});

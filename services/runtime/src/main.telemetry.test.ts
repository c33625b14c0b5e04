import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OtlpReceiver } from '@genai-environments/service-kit/testing';
import { applicationSpec } from './testing/applications';
import { makeAppDirectory, removeDirectories } from './testing/directories';
import {
  buildRuntime,
  killSpawnedRuntimes,
  SpawnedRuntime,
} from './testing/spawnRuntime';
import { startApp } from './testing/startApp';
import { TEST_APP } from './testing/testApp';

const SECRET = 'secret-of-the-application';
const HEADER = 'key-of-the-collector';
const QUESTION = 'a question that stays here';

jest.setTimeout(60_000);

describe('telemetry of the process', () => {
  let receiver: OtlpReceiver;
  beforeAll(() => buildRuntime());
  beforeEach(() => {
    receiver = new OtlpReceiver();
  });
  afterEach(async () => {
    receiver.close();
    await killSpawnedRuntimes();
    await removeDirectories();
  });

  async function start(
    env: Record<string, string> = {},
  ): Promise<SpawnedRuntime> {
    const runtime = await SpawnedRuntime.spawn({
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: await receiver.listen(),
        OTEL_EXPORTER_OTLP_HEADERS: `authorization=${HEADER}`,
        ...env,
      },
    });
    await runtime.listening();
    await runtime.client.putApplication('app-1', applicationSpec(SECRET));
    return runtime;
  }

  async function ask({ client }: SpawnedRuntime, more: object = {}) {
    const token = await client.token('app-1', SECRET);
    const answer = await client.post('/v1/chat/completions', token, {
      model: 'local.extractive',
      messages: [{ role: 'user', content: QUESTION }],
      ...more,
    });
    expect(answer.status).toBe(200);
    return answer.text();
  }

  async function end(runtime: SpawnedRuntime) {
    runtime.kill('SIGTERM');
    const exit = await runtime.exited;
    expect(exit.code).toBe(0);
    return exit.stdout + exit.stderr;
  }

  it('sends spans of requests and of the models they call, and metrics', async () => {
    const runtime = await start({ GENAI_TELEMETRY: 'otlp' });
    await ask(runtime);
    await ask(runtime, { stream: true });
    await end(runtime);

    expect(receiver.resource).toMatchObject({
      'service.name': 'genai-environment',
      'deployment.environment.name': 'demo',
    });
    const servers = receiver.spans.filter(
      ({ name }) => name === 'POST /v1/chat/completions',
    );
    const calls = receiver.spans.filter(
      ({ name }) => name === 'chat local.extractive',
    );
    expect(calls.map(({ traceId, parentSpanId }) => [traceId, parentSpanId]))
      // Each call stands below its request.
      .toEqual(servers.map(({ traceId, spanId }) => [traceId, spanId]));
    expect(calls[0].attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'built-in',
      'genai.application.id': 'app-1',
      'gen_ai.usage.input_tokens': expect.anything(),
    });
    expect(calls[1].attributes).toMatchObject({
      'gen_ai.request.stream': true,
      'gen_ai.response.time_to_first_chunk': expect.any(Number),
    });
    expect(receiver.points.map(({ metric }) => metric)).toEqual(
      expect.arrayContaining([
        'http.server.request.duration',
        'gen_ai.client.operation.duration',
        'gen_ai.client.operation.time_to_first_chunk',
        'gen_ai.client.token.usage',
      ]),
    );
    expect(receiver.text).not.toContain(QUESTION);
  });

  it('sends questions when it is told to', async () => {
    const runtime = await start({
      GENAI_TELEMETRY: 'otlp',
      GENAI_TELEMETRY_CONTENT: 'true',
    });
    await ask(runtime);
    await end(runtime);
    expect(receiver.text).toContain(QUESTION);
  });

  it('sends nothing unless it is switched on', async () => {
    const runtime = await start();
    await ask(runtime);
    await end(runtime);
    expect(receiver.text).toBe('');
  });

  it('keeps the key of the collector from files, logs and the app', async () => {
    const runtime = await start({
      GENAI_TELEMETRY: 'otlp',
      GENAI_LOG_LEVEL: 'trace',
      GENAI_APP_DIRECTORY: await makeAppDirectory(TEST_APP),
    });
    await startApp(runtime);
    await ask(runtime);
    const app = await runtime.client.fetch('/app/environment');
    expect(await app.text()).not.toContain(HEADER);
    const output = await end(runtime);
    expect(output).not.toContain(HEADER);
    const entries = await readdir(runtime.dataDirectory, {
      recursive: true,
      withFileTypes: true,
    });
    const files = entries.filter(entry => entry.isFile());
    expect(files.length).toBeGreaterThan(2);
    for (const { parentPath, name } of files) {
      const bytes = await readFile(join(parentPath, name));
      expect([name, bytes.includes(HEADER)]).toEqual([name, false]);
    }
  });

  it('refuses to start on a switch it does not know', async () => {
    const runtime = await SpawnedRuntime.spawn({
      env: { GENAI_TELEMETRY: 'jaeger' },
    });
    const { code, stderr } = await runtime.exited;
    expect(code).toBe(78);
    expect(stderr).toContain(
      'GENAI_TELEMETRY is wrong: must be "otlp" or "off"',
    );
  });
});

import {
  type App,
  createLogger,
  type ServiceHealth,
} from '@genai-environments/service-kit';
import {
  createTestAuth,
  type TestAuth,
} from '@genai-environments/service-kit/testing';
import { randomBytes } from 'node:crypto';
import { createHostedServices } from './composition/createHostedServices';
import {
  HOSTED_SERVICES,
  type HostedService,
  type RuntimeConfig,
} from './config';
import { createRuntimeApp } from './createRuntimeApp';
import { createPlatform } from './platform/createPlatform';
import { EnvironmentServices } from './platform/EnvironmentServices';
import { RELEASE } from './release';
import { makeDataDirectory, removeDirectories } from './testing/directories';
import { WorkerCrew } from './WorkerCrew';

const logger = createLogger({ level: 'silent' });
const UP: ServiceHealth = { status: 'UP' };
const SCOPES = ['genai/vector.read', 'genai/model.invoke', 'genai/prompt.read'];

/** One task per service, each of which reaches what all keep together. */
describe('tasks of an environment', () => {
  let auth: TestAuth;
  let others: Record<string, ServiceHealth>;
  let now: number;
  let isSilent: boolean;
  const closers: Array<() => Promise<void>> = [];

  beforeEach(async () => {
    auth = await createTestAuth({ scopes: SCOPES });
    others = {};
    now = 0;
    isSilent = false;
  });
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
    await removeDirectories();
  });

  async function startTask(...services: HostedService[]): Promise<App> {
    const config: RuntimeConfig = {
      environment: { name: 'demo', uid: 'uid-1' },
      ...{ services, workers: [], upstreams: [], configHash: '' },
      dataDirectory: await makeDataDirectory(),
      ...{ host: '127.0.0.1', port: 1, publicUrl: 'http://127.0.0.1:1' },
      models: ['local.extractive', 'local.embedding'],
      ...{ useEnvironmentProxy: false, logLevel: 'silent' },
      controlKey: randomBytes(24).toString('hex'),
    };
    const board = {
      report: async () => {},
      withdraw: async () => {},
      read: async () => {
        if (isSilent) throw new Error('The table does not answer.');
        return others;
      },
    };
    const kept = await createPlatform({ config, logger });
    const shares = { auth, board, routes: [], reaches: () => true };
    const platform = { ...kept, ...shares };
    const environment = new EnvironmentServices({
      ...{ services, board, clock: { now: () => now } },
    });
    const composed: { app?: App } = {};
    const shared = { config, platform, environment, logger };
    const hosted = createHostedServices({
      ...{ ...shared, version: RELEASE.version },
      app: () => composed.app!,
    });
    const app = await createRuntimeApp({
      ...{ ...shared, hosted, release: RELEASE },
      crew: new WorkerCrew([]),
      ...{ supervisor: undefined, startedAt: new Date(0) },
      onShutdownRequested: () => {},
    });
    composed.app = app;
    closers.push(async () => {
      await app.close();
      await hosted.close();
      await kept.close();
    });
    return app;
  }

  async function documentOf(app: App) {
    const answer = await app.fastify.inject({
      ...{ url: '/openapi.json', headers: { host: '127.0.0.1:1' } },
    });
    expect(answer.statusCode).toBe(200);
    return answer.json();
  }

  it('have one document, which the one with the administration tells', async () => {
    const administration = await startTask('administration');
    const alone = await documentOf(administration);
    expect(Object.keys(alone.paths)).not.toContain('/prompt/template/save');

    for (const name of [...HOSTED_SERVICES, 'mcp']) others[name] = UP;
    now += 10_000;
    const document = await documentOf(administration);
    expect(Object.keys(document.paths)).toContain('/prompt/template/save');
    const whole = await documentOf(await startTask(...HOSTED_SERVICES));
    expect(document.paths).toEqual(whole.paths);
    expect(document.tags).toEqual(whole.tags);

    // Told, and not served.
    const answer = await administration.fastify.inject({
      ...{ method: 'POST', url: '/prompt/template/list' },
      headers: { host: '127.0.0.1:1', ...(await auth.bearer()) },
    });
    expect(answer.statusCode).toBe(404);
  });

  it('tell of services that the environment runs, and of no others', async () => {
    others = { 'prompt-management': UP };
    const administration = await startTask('administration');
    const { paths } = await documentOf(administration);
    expect(Object.keys(paths)).toContain('/prompt/template/save');
    expect(Object.keys(paths)).not.toContain('/model/invoke');

    isSilent = true;
    now += 10_000;
    expect((await documentOf(administration)).paths).toEqual(paths);
  });

  async function listTools(app: App): Promise<string[]> {
    const answer = await app.fastify.inject({
      ...{ method: 'POST', url: '/mcp' },
      headers: {
        ...{
          host: '127.0.0.1:1',
          accept: 'application/json, text/event-stream',
        },
        ...(await auth.bearer({ scope: SCOPES.join(' ') })),
      },
      payload: { jsonrpc: '2.0', id: 1, method: 'tools/list' },
    });
    expect(answer.statusCode).toBe(200);
    const { tools } = answer.json().result;
    return tools.map(({ name }: { name: string }) => name);
  }

  it('offer the prompts of the environment to MCP clients of the vectorization', async () => {
    const vectorization = await startTask('vectorization');
    expect(await listTools(vectorization)).toEqual(['search', 'answer']);
    others = { 'prompt-management': UP };
    now += 10_000;
    expect(await listTools(vectorization)).toEqual([
      ...['search', 'answer', 'list_prompts', 'render_prompt'],
    ]);
  });
});

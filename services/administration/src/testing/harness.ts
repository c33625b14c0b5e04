import { App, buildApp, createLogger } from '@genai-environments/service-kit';
import {
  createTestAuth,
  TestAuth,
} from '@genai-environments/service-kit/testing';
import { createAdministration } from '../createAdministration';
import type { LimitAdmin, Limits, LimitState } from '../ports/LimitAdmin';
import type { MetricsSources } from '../ports/MetricsSource';
import { bearerKey } from '../routes/adminAuth';
import { InMemoryApplicationAdmin } from './InMemoryApplicationAdmin';

const KEY = 'control-key-of-thirty-two-characters';

/** The service in a real app, with sources that a test fills. */
export type Harness = {
  app: App;
  auth: TestAuth;
  applications: InMemoryApplicationAdmin;
  limits: Map<string, Limits>;
  sources: MetricsSources;
  health: Record<string, { status: 'UP' } | { status: 'DOWN'; reason: string }>;
  log: string[];
  /** As the portal, unless there are other headers. */
  call(
    method: 'GET' | 'POST' | 'PUT',
    url: string,
    options?: { payload?: object; headers?: Record<string, string> },
  ): Promise<{
    status: number;
    json: any;
    headers: Record<string, unknown>;
  }>;
};

export async function startHarness(
  options: { withLimits?: boolean; now?: number } = {},
): Promise<Harness> {
  const { withLimits = true, now = Date.parse('2026-01-31T12:00:00Z') } =
    options;
  const auth = await createTestAuth({
    scopes: ['genaifoundations/read', 'genai/admin'],
  });
  const applications = new InMemoryApplicationAdmin();
  for (const clientId of ['app-1', 'app-2']) applications.putPortal(clientId);
  const limits = new Map<string, Limits>();
  const sources: MetricsSources = {};
  const health: Harness['health'] = {};
  const log: string[] = [];

  const built = {} as { app: App };
  const { service } = createAdministration({
    applications,
    platform: {
      health: async () => health,
      openApi: () => built.app.openApi(),
      connection: () => ({ domain: 'http://127.0.0.1:1' }),
    },
    metrics: sources,
    limits: withLimits ? limitAdmin(limits) : undefined,
    auth,
    isServiceCredential: bearerKey(KEY),
    clock: { now: () => now },
  });
  built.app = await buildApp({
    services: [service],
    auth,
    logger: createLogger({ destination: { write: line => log.push(line) } }),
    info: { title: 'Test', version: '1' },
    checkAnswers: true,
  });

  return {
    ...{ auth, applications, limits, sources, health, log },
    app: built.app,
    async call(method, url, { payload, headers } = {}) {
      const answer = await built.app.fastify.inject({
        ...{ method, url, payload },
        headers: headers ?? { authorization: `Bearer ${KEY}` },
      });
      return {
        status: answer.statusCode,
        json: answer.json(),
        headers: answer.headers,
      };
    },
  };
}

/** Limits of which nothing was used yet. */
function limitAdmin(limits: Map<string, Limits>): LimitAdmin {
  const of = (clientId = '') => limits.get(clientId) ?? {};
  return {
    getLimits: async clientId => of(clientId),
    async setLimits(value, clientId = '') {
      limits.set(clientId, value);
    },
    getState: async clientId =>
      Object.entries(of(clientId)).map(([name, limit]) => ({
        name: name as LimitState['name'],
        ...{ limit, used: 0, left: limit },
        resetsAt: '2026-02-01T00:00:00.000Z',
      })),
  };
}

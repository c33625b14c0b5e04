import type { LightMyRequestResponse } from 'fastify';
import * as z from 'zod';
import { createLogger } from '../../logging/createLogger';
import type { ServiceDefinition } from '../../service/ServiceDefinition';
import { createTestAuth, type TestAuth } from '../../testing';
import { type App, buildApp } from '../buildApp';
import type { ServiceApp } from '../ServiceApp';

/** A service with routes that answer, and one that breaks. */
export function echoService(
  overrides: Partial<ServiceDefinition> & {
    routes?: (app: ServiceApp) => void;
  } = {},
): ServiceDefinition {
  return {
    name: 'echo',
    title: 'Echo',
    description: 'Answers.',
    prefix: '/echo',
    routes: addEchoRoutes,
    health: () => ({ status: 'UP' }),
    close: () => {},
    ...overrides,
  };
}

function addEchoRoutes(app: ServiceApp): void {
  app.post(
    '/echo/say/:id',
    {
      config: { auth: { anyScope: ['genai/echo', 'genaifoundations/read'] } },
      schema: {
        summary: 'Say it again',
        params: z.object({ id: z.string() }),
        body: z.strictObject({ text: z.string().max(5) }).meta({ id: 'Say' }),
        response: { 200: z.object({ text: z.string(), by: z.string() }) },
      },
    },
    async request => ({
      text: request.body.text + request.params.id,
      by: request.caller!.clientId,
    }),
  );
  app.post(
    '/echo/bare',
    { config: { auth: { anyScope: ['genaifoundations/read'] } } },
    async () => ({ done: true }),
  );
  app.get('/echo/broken', { config: { auth: 'public' } }, async () => {
    throw new Error('password is hunter2');
  });
}

/** An app of services that say again what they are told. */
export type Echo = {
  app: App;
  auth: TestAuth;
  /** Lines of the log. */
  log: string[];
  /** Calls the route that says it again, with a good token. */
  say(options?: {
    headers?: object;
    payload?: string | object;
    url?: string;
  }): Promise<LightMyRequestResponse>;
};

/** @param services the echo service alone by default */
export async function startEcho(
  services: ServiceDefinition[] = [echoService()],
): Promise<Echo> {
  const log: string[] = [];
  const auth = await createTestAuth();
  const app = await buildApp({
    services,
    auth,
    logger: createLogger({ destination: { write: line => log.push(line) } }),
    info: { title: 'Test', version: '1', tokenUrl: 'http://127.0.0.1/t' },
    bodyLimitBytes: 1000,
    drainTimeoutMs: 200,
    checkAnswers: true,
    newId: () => 'log-1',
  });
  return {
    app,
    auth,
    log,
    async say({ url = '/echo/say/7', headers, payload } = {}) {
      return app.fastify.inject({
        method: 'POST',
        url,
        headers: { ...(await auth.bearer()), ...headers },
        payload,
      });
    },
  };
}

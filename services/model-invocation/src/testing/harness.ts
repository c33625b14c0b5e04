import {
  App,
  buildApp,
  createLogger,
  Logger,
} from '@genai-environments/service-kit';
import {
  createTestAuth,
  TestAuth,
} from '@genai-environments/service-kit/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createModelInvocation,
  ModelInvocation,
  ModelInvocationOptions,
} from '../createModelInvocation';
import type { UsageItem } from '../ports/UsageLedger';
import { StubUpstream } from './StubUpstream';

/** The service with its real adapters, in front of a stub upstream. */
export type Harness = {
  app: App;
  auth: TestAuth;
  upstream: StubUpstream;
  model: ModelInvocation;
  log: string[];
  /** Everything that was booked. */
  booked(): Promise<UsageItem[]>;
  /** Resolves once something is booked: of a call whose answer nobody waits for. */
  firstBooking(): Promise<UsageItem>;
  post(
    url: string,
    payload: object,
    claims?: Parameters<TestAuth['bearer']>[0],
  ): Promise<{ statusCode: number; body: string; json: any; headers: any }>;
  /** Closes and starts again on the same data directory. */
  restart(): Promise<void>;
  close(): Promise<void>;
};

export async function startHarness(
  options: Partial<
    Omit<ModelInvocationOptions, 'dataDirectory' | 'records'>
  > = {},
): Promise<Harness> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'model-invocation-'));
  const upstream = await StubUpstream.start();
  const auth = await createTestAuth();
  const log: string[] = [];
  const logger: Logger = createLogger({
    level: 'debug',
    destination: { write: line => log.push(line) },
  });

  const harness = {
    auth,
    upstream,
    log,
    booked: () =>
      harness.model.usage.query({ from: '0000-01-01', to: '9999-12-31' }),
    async firstBooking() {
      for (;;) {
        const [booked] = await harness.booked();
        if (booked) return booked;
        await new Promise(setImmediate);
      }
    },
    async post(url, payload, claims) {
      const answer = await harness.app.fastify.inject({
        method: 'POST',
        url,
        headers: await auth.bearer(claims),
        payload,
      });
      const { statusCode, body, headers } = answer;
      const json = /json/.test(String(headers['content-type']))
        ? answer.json()
        : undefined;
      return { statusCode, body, headers, json };
    },
    async restart() {
      await harness.app.close();
      await start();
    },
    async close() {
      await harness.app.close();
      await upstream.stop();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  } as Harness;

  async function start() {
    harness.model = createModelInvocation({
      dataDirectory,
      models: [
        'stub-chat',
        'stub-embed',
        'local.extractive',
        'local.embedding',
      ],
      upstreams: [
        {
          id: 'stub',
          baseUrl: upstream.baseUrl,
          apiKey: 'upstream-key',
          models: [
            { id: 'stub-chat', kind: 'text' },
            { id: 'stub-embed', kind: 'embedding' },
            { id: 'stub-forbidden', kind: 'text' },
          ],
        },
      ],
      logger,
      ...options,
    });
    harness.app = await buildApp({
      services: [harness.model.service],
      auth,
      logger,
      info: { title: 'Test', version: '1' },
      checkAnswers: true,
      drainTimeoutMs: 500,
    });
  }

  await start();
  return harness;
}

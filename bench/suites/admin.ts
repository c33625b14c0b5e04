/** Child process of admin.mjs: result over IPC. */
import { buildApp, createLogger } from '@genai-environments/service-kit';
import { createTestAuth } from '@genai-environments/service-kit/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  bearerKey,
  createAdministration,
} from '../../services/administration/src';
import { InMemoryApplicationAdmin } from '../../services/administration/src/testing/InMemoryApplicationAdmin';
import { openModelDatabase } from '../../services/model-invocation/src/adapters/local/database';
import { createSqliteRecords } from '../../services/model-invocation/src/adapters/local/openSqliteRecords';
import { createAccounting } from '../../services/model-invocation/src/createAccounting';
import { fillLargeDatabase } from '../../services/model-invocation/src/testing/fillLargeDatabase';

const KEY = 'bench-key-of-thirty-two-characters';
const NOW = Date.parse('2026-01-30T12:00:00Z');
const ROUNDS = 50;
const CALLS = 200_000;

/** What the metrics would be without counters: the calls of one application, read and grouped. */
const FROM_THE_LOG = `
  SELECT model, status, count(*) AS calls, sum(input_tokens), sum(output_tokens)
  FROM invocation_log WHERE client_id = 'app-0500' AND at >= 0 GROUP BY model, status`;

/** The same without an index, as a table of a key-value store is scanned. */
const FROM_THE_WHOLE_LOG = FROM_THE_LOG.replace('client_id', '+client_id');

async function main(): Promise<void> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'genai-bench-'));
  const database = openModelDatabase({ dataDirectory });
  const logger = createLogger({ level: 'silent' });
  const clock = { now: () => NOW };
  try {
    fillLargeDatabase(database);
    const accounting = createAccounting({
      records: createSqliteRecords({ database, logger, clock }),
      ...{ logger, clock },
      priceOf: () => 0,
    });
    const app = await startApp(accounting);
    const measured = {
      routes: await measureRoutes(app),
      log: measureStatement(() => database.prepare(FROM_THE_LOG).all()),
      wholeLog: measureStatement(() =>
        database.prepare(FROM_THE_WHOLE_LOG).all(),
      ),
      call: await measureCalls(accounting),
    };
    await app.close();
    await accounting.close();
    process.send!({ measured });
  } finally {
    database.close();
    rmSync(dataDirectory, { recursive: true, force: true });
  }
}

async function startApp(accounting: ReturnType<typeof createAccounting>) {
  const auth = await createTestAuth();
  const applications = new InMemoryApplicationAdmin();
  for (let nr = 0; nr < 1000; nr += 1) {
    applications.putPortal(`app-${String(nr).padStart(4, '0')}`);
  }
  const { service } = createAdministration({
    applications,
    platform: {
      health: async () => ({}),
      openApi: () => ({}),
      connection: () => ({ domain: 'http://127.0.0.1' }),
    },
    metrics: { usage: accounting.usage, log: accounting.log },
    limits: accounting.limits,
    auth,
    isServiceCredential: bearerKey(KEY),
  });
  return buildApp({
    services: [service],
    auth,
    logger: createLogger({ level: 'silent' }),
    info: { title: 'Bench', version: '1' },
  });
}

async function measureRoutes(app: Awaited<ReturnType<typeof buildApp>>) {
  const body = { app_id: 'app-0500' };
  const requests = [
    ['GET', '/admin/platform/get_all_app_clients', undefined],
    ['POST', '/admin/metrics/invocations', body],
    ['GET', '/admin/limits/app-0500', undefined],
    ['GET', '/admin/invocations/app-0500?limit=100', undefined],
  ] as const;
  const times = [];
  for (const [method, url, payload] of requests) {
    const ms: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const startedAt = performance.now();
      const answer = await app.fastify.inject({
        ...{ method, url, payload },
        headers: { authorization: `Bearer ${KEY}` },
      });
      ms.push(performance.now() - startedAt);
      if (answer.statusCode !== 200) throw new Error(answer.body);
    }
    times.push({ what: `${method} ${url.split('?')[0]}`, ms });
  }
  return times;
}

function measureStatement(run: () => unknown[]): number[] {
  return Array.from({ length: 3 }, () => {
    const startedAt = performance.now();
    if (run().length === 0) throw new Error('The log has no such calls.');
    return performance.now() - startedAt;
  });
}

/** Microseconds to reserve and settle one call against three limits. */
async function measureCalls({
  gate,
  limits,
}: ReturnType<typeof createAccounting>): Promise<number> {
  await limits.setLimits({ requestsPerMinute: 1e9, tokensPerDay: 1e12 });
  await limits.setLimits({ tokensPerMonth: 1e12 }, 'bench');
  const call = {
    clientId: 'bench',
    model: 'm',
    inputTokens: 100,
    maxOutputTokens: 400,
  };
  const run = async (count: number) => {
    for (let nr = 0; nr < count; nr += 1) {
      const answer = gate.reserve(call);
      const reservation = answer instanceof Promise ? await answer : answer;
      reservation.settle({ inputTokens: 100, outputTokens: 50 });
    }
  };
  await run(20_000);
  const startedAt = performance.now();
  await run(CALLS);
  return ((performance.now() - startedAt) * 1000) / CALLS;
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});

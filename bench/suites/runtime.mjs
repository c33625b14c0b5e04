import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startLoadGenerator } from '../lib/load.mjs';
import {
  freePort,
  memoryMB,
  SERVER_CORE,
  startNode,
  untilListening,
} from '../lib/process.mjs';
import { startRuntime } from '../lib/runtime.mjs';
import { median } from '../lib/statistics.mjs';

const LOAD_SECONDS = 10;
const SETTLE_MS = 2000;
/** What a chat needs: no documents, no vectors. */
const CHAT_SERVICES = 'model-invocation,prompt-management';
const TEXT =
  'Invoices are due in 30 days. Late payers owe 5 % interest. Disputes go to the finance team.';

/** Boot time and memory of a runtime, next to the smallest server that Node can run. */
export async function runRuntime({ rounds = 7 } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'genai-bench-'));
  try {
    const boots = { bare: [], chat: [], all: [], app: [] };
    const memory = { bare: [], chat: [], all: [] };
    const app = copySkeleton(directory);
    await startRuntime({ core: SERVER_CORE }).then(warmUp => warmUp.stop());
    for (let round = 0; round < rounds; round += 1) {
      const bare = await bootBareServer(directory);
      boots.bare.push(bare.bootMs);
      memory.bare.push(bare.memory);
      for (const [name, services] of [
        ['chat', CHAT_SERVICES],
        ['all', 'all'],
      ]) {
        const runtime = await startRuntime({ core: SERVER_CORE, services });
        boots[name].push(runtime.bootMs);
        await delay(SETTLE_MS);
        memory[name].push(memoryMB(runtime.pid));
        await runtime.stop();
      }
      boots.app.push(await bootWithApp(app));
    }
    const load = await measureLoad();
    return report({ boots, memory, load });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function copySkeleton(directory) {
  const app = join(directory, 'app');
  cpSync(fileURLToPath(new URL('../../skeleton', import.meta.url)), app, {
    recursive: true,
  });
  return app;
}

async function bootBareServer(directory) {
  const file = join(directory, 'bare.cjs');
  writeFileSync(
    file,
    "require('node:http').createServer().listen(+process.argv[2], '127.0.0.1');",
  );
  const port = await freePort();
  const startedAt = performance.now();
  const server = startNode({ core: SERVER_CORE, args: [file, String(port)] });
  await untilListening(port, server);
  const bootMs = performance.now() - startedAt;
  const memory = memoryMB(server.pid);
  await server.stop();
  return { bootMs, memory };
}

/** From the start of the runtime's process to the first page of the project's app. */
async function bootWithApp(appDirectory) {
  const startedAt = performance.now();
  const runtime = await startRuntime({ core: SERVER_CORE, appDirectory });
  try {
    await runtime.control('PUT', '/applications/bench-app', {
      name: 'app',
      kind: 'project-app',
      scopes: ['genaifoundations/read'],
      enabled: true,
      revision: 1,
      secrets: [],
    });
    const end = performance.now() + 20_000;
    for (;;) {
      const response = await fetch(`${runtime.url}/app/`);
      await response.body?.cancel();
      if (response.status === 200) return performance.now() - startedAt;
      if (performance.now() > end) {
        throw new Error(`The app answers ${response.status} after 20 s.`);
      }
      await delay(5);
    }
  } finally {
    await runtime.stop();
  }
}

/** Memory under and after load of the built-in model, the hungriest thing it does. */
async function measureLoad() {
  const runtime = await startRuntime({
    core: SERVER_CORE,
    services: CHAT_SERVICES,
  });
  const generator = await startLoadGenerator();
  try {
    const token = await runtime.getToken();
    let peak = { resident: 0 };
    const sampling = setInterval(() => {
      const now = memoryMB(runtime.pid);
      if (now.resident > peak.resident) peak = now;
    }, 100);
    const result = await generator.run({
      connections: 32,
      seconds: LOAD_SECONDS,
      request: {
        url: `${runtime.url}/v1/chat/completions`,
        headers: {
          'Content-Type': 'application/json',
          Authorization: `Bearer ${token}`,
        },
        body: JSON.stringify({
          model: 'local.extractive',
          messages: [
            { role: 'system', content: `<text>\n${TEXT}\n</text>` },
            { role: 'user', content: 'When is an invoice due?' },
          ],
        }),
      },
    });
    clearInterval(sampling);
    if (result.refused > 0 || result.errors > 0 || result.requests === 0) {
      throw new Error('The runtime failed requests under load.');
    }
    await delay(SETTLE_MS);
    return { peak, after: memoryMB(runtime.pid), requests: result.requests };
  } finally {
    await generator.stop();
    await runtime.stop();
  }
}

function report({ boots, memory, load }) {
  const ms = values => Math.round(median(values));
  const idle = samples => ({
    resident: median(samples.map(({ resident }) => resident)),
    own: median(samples.map(({ own }) => own)),
  });
  /** Resident, and in parentheses what is shared with no other process. */
  const mb = ({ resident, own }) =>
    `${Math.round(resident)} (${Math.round(own)})`;
  const rows = [
    {
      what: 'bare node:http server',
      'boot ms': ms(boots.bare),
      'idle MB (own)': mb(idle(memory.bare)),
    },
    {
      what: 'runtime, models and prompts',
      'boot ms': ms(boots.chat),
      'idle MB (own)': mb(idle(memory.chat)),
      'peak MB (own)': mb(load.peak),
      'after load MB (own)': mb(load.after),
    },
    {
      what: 'runtime, all services',
      'boot ms': ms(boots.all),
      'idle MB (own)': mb(idle(memory.all)),
    },
    { what: 'runtime and app answer', 'boot ms': ms(boots.app) },
  ];
  const againstBare = values =>
    median(values.map((value, index) => value / boots.bare[index]));
  const targets = [
    ...[
      ['models and prompts', 'chat', 500, 120],
      ['all services', 'all', 700, 150],
    ].flatMap(([what, name, bootMs, idleMB]) => [
      {
        what: `boot, ${what}`,
        value: median(boots[name]),
        unit: 'ms',
        atMost: bootMs,
      },
      {
        what: `boot against a bare server, ${what}`,
        value: againstBare(boots[name]),
        unit: 'x',
      },
      {
        what: `memory idle, ${what}`,
        value: idle(memory[name]).resident,
        unit: 'MB',
        atMost: idleMB,
      },
    ]),
    {
      what: `memory at its peak, models and prompts, ${load.requests} answers`,
      value: load.peak.resident,
      unit: 'MB',
      atMost: 120,
    },
  ];
  return { title: 'Runtime', rows, targets };
}

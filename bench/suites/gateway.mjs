import { fileURLToPath } from 'node:url';
import { startLoadGenerator } from '../lib/load.mjs';
import {
  cpuSeconds,
  freePort,
  LOAD_CORE,
  SERVER_CORE,
  startNode,
  untilListening,
} from '../lib/process.mjs';
import { startRuntime } from '../lib/runtime.mjs';
import { median } from '../lib/statistics.mjs';

const CONNECTIONS = 32;
const WARM_UP_SECONDS = 3;
const MODEL = 'stub-text';

const inBench = path => fileURLToPath(new URL(`../${path}`, import.meta.url));

/**
 * Requests per second and CPU per request of the runtime, with token verification and
 * usage booking, next to Portkey's gateway and to the bare upstream, all of which answer
 * the same requests from the same upstream.
 */
export async function runGateway({ rounds = 7, seconds = 3 } = {}) {
  const started = [];
  const keep = process => {
    started.push(process);
    return process;
  };
  try {
    const stubPort = await freePort();
    const stub = keep(
      startNode({
        core: LOAD_CORE,
        args: [inBench('lib/upstreamStub.mjs'), String(stubPort)],
      }),
    );
    await untilListening(stubPort, stub);
    const portkey = keep(await startPortkey());
    const runtime = keep(
      await startRuntime({
        core: SERVER_CORE,
        models: [MODEL],
        upstreams: [
          {
            id: 'stub',
            baseUrl: `http://127.0.0.1:${stubPort}/v1`,
            models: [{ id: MODEL, kind: 'text' }],
          },
        ],
      }),
    );
    const generator = keep(await startLoadGenerator());
    const cells = createCells({
      stub: { pid: stub.pid, port: stubPort },
      portkey,
      runtime,
      token: await runtime.getToken(),
    });

    for (const cell of cells) {
      await check(cell);
      await generator.run({
        ...cell,
        connections: CONNECTIONS,
        seconds: WARM_UP_SECONDS,
      });
    }
    // Interleaved, and each round from another start: what else this machine does at
    // the time meets every server alike.
    for (let round = 0; round < rounds; round += 1) {
      const shift = round % cells.length;
      for (const cell of [...cells.slice(shift), ...cells.slice(0, shift)]) {
        cell.rounds.push(await measure(cell, { generator, seconds }));
      }
    }
    await assertUsageWasBooked(runtime, cells);
    return report(cells);
  } finally {
    await Promise.all(started.map(process => process.stop()));
  }
}

async function startPortkey() {
  const port = await freePort();
  const server = startNode({
    core: SERVER_CORE,
    args: [
      inBench('node_modules/@portkey-ai/gateway/build/start-server.js'),
      `--port=${port}`,
      '--headless',
    ],
    cwd: inBench('.'),
    env: { NODE_ENV: 'production' },
  });
  await untilListening(port, server);
  return { port, pid: server.pid, stop: () => server.stop() };
}

function createCells({ stub, portkey, runtime, token }) {
  const messages = [
    { role: 'system', content: 'You answer in one short sentence.' },
    {
      role: 'user',
      content: 'What should a gateway in front of a model cost?',
    },
  ];
  const chat = extra =>
    JSON.stringify({ model: MODEL, messages, temperature: 0, ...extra });
  const invoke = JSON.stringify({
    model_name: MODEL,
    prompt: messages[1].content,
    system_prompts: [{ text: messages[0].content }],
    temperature: 0,
  });
  const json = { 'Content-Type': 'application/json' };
  const servers = {
    upstream: {
      pid: stub.pid,
      url: `http://127.0.0.1:${stub.port}`,
      headers: json,
    },
    portkey: {
      pid: portkey.pid,
      url: `http://127.0.0.1:${portkey.port}`,
      headers: {
        ...json,
        Authorization: 'Bearer not-checked',
        'x-portkey-provider': 'openai',
        'x-portkey-custom-host': `http://127.0.0.1:${stub.port}/v1`,
      },
    },
    runtime: {
      pid: runtime.pid,
      url: runtime.url,
      headers: { ...json, Authorization: `Bearer ${token}` },
    },
  };
  const cell = (operation, server, path, body) => ({
    operation,
    server,
    pid: servers[server].pid,
    request: {
      url: servers[server].url + path,
      headers: servers[server].headers,
      body,
    },
    rounds: [],
  });
  const streamed = chat({
    stream: true,
    stream_options: { include_usage: true },
  });
  const path = '/v1/chat/completions';
  return [
    ...Object.keys(servers).map(name => cell('chat', name, path, chat())),
    ...Object.keys(servers).map(name =>
      cell('chat, streamed', name, path, streamed),
    ),
    cell('/model/invoke', 'runtime', '/model/invoke', invoke),
  ];
}

/** One request by hand: what is measured must be the right answer. */
async function check({ server, operation, request }) {
  const response = await fetch(request.url, { method: 'POST', ...request });
  const text = await response.text();
  const isWhole = operation.includes('streamed')
    ? text.includes('"little ') && text.trimEnd().endsWith('[DONE]')
    : text.includes('cost little beside the model');
  if (response.status !== 200 || !isWhole) {
    throw new Error(
      `${server} does not answer "${operation}": ${response.status} ${text}`,
    );
  }
}

async function measure(cell, { generator, seconds }) {
  const before = cpuSeconds(cell.pid);
  const result = await generator.run({
    ...cell,
    connections: CONNECTIONS,
    seconds,
  });
  const cpu = cpuSeconds(cell.pid) - before;
  if (result.refused > 0 || result.errors > 0) {
    throw new Error(
      `${cell.server} failed ${result.refused + result.errors} requests of "${
        cell.operation
      }".`,
    );
  }
  return {
    ...result,
    requestsPerSecond: result.requests / result.seconds,
    cpuMicrosecondsPerRequest: (cpu / result.requests) * 1e6,
    coreInUse: cpu / result.seconds,
  };
}

async function assertUsageWasBooked(runtime, cells) {
  const day = offset =>
    new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  const { items } = await runtime.control(
    'GET',
    `/usage?from=${day(-1)}&to=${day(1)}`,
  );
  const booked = items.reduce((sum, item) => sum + item.invocations, 0);
  const measured = cells
    .filter(cell => cell.server === 'runtime')
    .flatMap(cell => cell.rounds)
    .reduce((sum, { requests }) => sum + requests, 0);
  if (booked < measured) {
    throw new Error(`${measured} requests were made and ${booked} booked.`);
  }
}

function report(cells) {
  const of = (cell, field) => median(cell.rounds.map(round => round[field]));
  const find = (operation, server) =>
    cells.find(cell => cell.operation === operation && cell.server === server);
  const rows = cells.map(cell => ({
    operation: cell.operation,
    server: cell.server,
    'req/s': Math.round(of(cell, 'requestsPerSecond')),
    'CPU µs/req': Math.round(of(cell, 'cpuMicrosecondsPerRequest')),
    'p50 ms': of(cell, 'p50Ms'),
    'p99 ms': of(cell, 'p99Ms'),
    'core in use': `${Math.round(100 * of(cell, 'coreInUse'))} %`,
  }));
  const targets = cells
    .filter(cell => cell.server === 'runtime')
    .flatMap(cell => {
      // Portkey has no /model/invoke: its plain chat does the same work.
      const peer = cell.operation === '/model/invoke' ? 'chat' : cell.operation;
      /** Median of the ratios of rounds that ran next to each other. */
      const ratio = (server, field) =>
        median(
          cell.rounds.map(
            (round, index) =>
              round[field] / find(peer, server).rounds[index][field],
          ),
        );
      return [
        {
          what: `${cell.operation}: req/s against Portkey`,
          value: ratio('portkey', 'requestsPerSecond'),
          unit: 'x',
          atLeast: 4,
        },
        {
          what: `${cell.operation}: CPU per request against Portkey`,
          value: ratio('portkey', 'cpuMicrosecondsPerRequest'),
          unit: 'x',
          atMost: 0.25,
        },
        {
          what: `${cell.operation}: req/s against the bare upstream`,
          value: ratio('upstream', 'requestsPerSecond'),
          unit: 'x',
        },
      ];
    });
  return { title: 'Gateway', rows, targets };
}

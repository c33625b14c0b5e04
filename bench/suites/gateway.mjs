import { fileURLToPath } from 'node:url';
import {
  assertUsageWasBooked,
  measureCells,
  ratioOf,
  toRows,
} from '../lib/cells.mjs';
import { startPortkey } from '../lib/portkey.mjs';
import {
  freePort,
  LOAD_CORE,
  SERVER_CORE,
  startNode,
  untilListening,
} from '../lib/process.mjs';
import { startRuntime } from '../lib/runtime.mjs';

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
    const cells = createCells({
      stub: { pid: stub.pid, port: stubPort },
      portkey,
      runtime,
      token: await runtime.getToken(),
    });

    await measureCells(cells, { rounds, seconds, check });
    await assertUsageWasBooked(runtime, cells);
    return report(cells);
  } finally {
    await Promise.all(started.map(process => process.stop()));
  }
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

function report(cells) {
  const find = (operation, server) =>
    cells.find(cell => cell.operation === operation && cell.server === server);
  const targets = cells
    .filter(cell => cell.server === 'runtime')
    .flatMap(cell => {
      // Portkey has no /model/invoke: its plain chat does the same work.
      const peer = cell.operation === '/model/invoke' ? 'chat' : cell.operation;
      const ratio = (server, field) => ratioOf(cell, find(peer, server), field);
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
  return { title: 'Gateway', rows: toRows(cells), targets };
}

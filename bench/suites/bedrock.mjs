import { fileURLToPath } from 'node:url';
import { CONTAINER_NODE_OPTIONS } from '../../services/runtime/src/launch.ts';
import {
  assertUsageWasBooked,
  measureCells,
  ratioOf,
  toRows,
} from '../lib/cells.mjs';
import { createFirstByteClient } from '../lib/firstByte.mjs';
import { startPortkey } from '../lib/portkey.mjs';
import {
  freePort,
  LOAD_CORE,
  SERVER_CORE,
  startNode,
  untilListening,
} from '../lib/process.mjs';
import { startRuntime } from '../lib/runtime.mjs';
import { median } from '../lib/statistics.mjs';

const MODEL = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const REGION = 'us-east-1';
/** As long as those of a task's role are. */
const CREDENTIALS = {
  accessKeyId: 'ASIAEXAMPLEEXAMPLE00',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'IQoJb3JpZ2luX2VjE'.repeat(40),
};
const CHAT = '/v1/chat/completions';
const FIRST_BYTE_SAMPLES = 400;

/**
 * The runtime next to Portkey's gateway, both in front of the same fake of Bedrock: they
 * sign each request (SigV4), and translate OpenAI's chat to Converse and back.
 */
export async function runBedrock({ rounds = 7, seconds = 3 } = {}) {
  const started = [];
  const keep = process => {
    started.push(process);
    return process;
  };
  try {
    const stub = keep(await startStub());
    const portkey = keep(await startPortkey());
    const runtime = keep(await startBedrockRuntime(stub.port));
    const token = await runtime.getToken();
    const cells = createCells({ stub, portkey, runtime, token });
    await measureCells(cells, { rounds, seconds, check });
    await assertUsageWasBooked(runtime, cells);
    const firstByte = await measureFirstByte(cells);
    return report(cells, firstByte);
  } finally {
    await Promise.all(started.map(process => process.stop()));
  }
}

async function startStub() {
  const port = await freePort();
  const file = fileURLToPath(
    new URL('../lib/bedrockStub.mjs', import.meta.url),
  );
  const server = startNode({ core: LOAD_CORE, args: [file, String(port)] });
  await untilListening(port, server);
  return { port, pid: server.pid, stop: () => server.stop() };
}

/** With the options of the container, which is where models of Bedrock are called. */
function startBedrockRuntime(stubPort) {
  return startRuntime({
    nodeOptions: CONTAINER_NODE_OPTIONS,
    core: SERVER_CORE,
    models: [MODEL],
    bedrock: {
      region: REGION,
      endpoint: `http://127.0.0.1:${stubPort}`,
      models: [{ id: MODEL, kind: 'text', modelId: MODEL }],
    },
    env: {
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_SESSION_TOKEN: CREDENTIALS.sessionToken,
    },
  });
}

function createCells({ stub, portkey, runtime, token }) {
  const question = 'What should a gateway in front of a model cost?';
  const instruction = 'You answer in one short sentence.';
  const chat = {
    model: MODEL,
    messages: [
      { role: 'system', content: instruction },
      { role: 'user', content: question },
    ],
    temperature: 0,
    max_tokens: 200,
  };
  const streamed = {
    ...chat,
    stream: true,
    stream_options: { include_usage: true },
  };
  const converse = {
    messages: [{ role: 'user', content: [{ text: question }] }],
    system: [{ text: instruction }],
    inferenceConfig: { maxTokens: 200, temperature: 0 },
  };
  const json = { 'Content-Type': 'application/json' };
  const servers = {
    upstream: {
      pid: stub.pid,
      url: `http://127.0.0.1:${stub.port}`,
      headers: { ...json, Authorization: 'AWS4-HMAC-SHA256 Credential=none' },
    },
    portkey: {
      pid: portkey.pid,
      url: `http://127.0.0.1:${portkey.port}`,
      headers: {
        ...json,
        'x-portkey-provider': 'bedrock',
        'x-portkey-aws-region': REGION,
        'x-portkey-aws-access-key-id': CREDENTIALS.accessKeyId,
        'x-portkey-aws-secret-access-key': CREDENTIALS.secretAccessKey,
        'x-portkey-aws-session-token': CREDENTIALS.sessionToken,
        'x-portkey-custom-host': `http://127.0.0.1:${stub.port}`,
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
      body: JSON.stringify(body),
    },
    rounds: [],
  });
  const path = `/model/${encodeURIComponent(MODEL)}`;
  return [
    cell('chat', 'upstream', `${path}/converse`, converse),
    cell('chat', 'portkey', CHAT, chat),
    cell('chat', 'runtime', CHAT, chat),
    cell('chat, streamed', 'upstream', `${path}/converse-stream`, converse),
    cell('chat, streamed', 'portkey', CHAT, streamed),
    cell('chat, streamed', 'runtime', CHAT, streamed),
  ];
}

/** One request by hand: what is measured must be the right answer. */
async function check({ server, operation, request }) {
  const response = await fetch(request.url, { method: 'POST', ...request });
  const text = await response.text();
  const isWhole = operation.includes('streamed')
    ? text.includes('"little ') &&
      (server === 'upstream' || text.trimEnd().endsWith('[DONE]'))
    : text.includes('cost little beside the model');
  if (response.status !== 200 || !isWhole) {
    throw new Error(
      `${server} does not answer "${operation}": ${response.status} ${text}`,
    );
  }
}

/** Median milliseconds until the first text, by server, one request after the other. */
async function measureFirstByte(cells) {
  const streamed = cells.filter(cell => cell.operation.includes('streamed'));
  const clients = streamed.map(() => createFirstByteClient());
  const samples = streamed.map(() => []);
  for (let sample = 0; sample < FIRST_BYTE_SAMPLES; sample += 1) {
    for (const [index, cell] of streamed.entries()) {
      samples[index].push(await clients[index].measure(cell.request, '"A '));
    }
  }
  for (const client of clients) client.close();
  return Object.fromEntries(
    streamed.map((cell, index) => [cell.server, median(samples[index])]),
  );
}

function report(cells, firstByte) {
  const find = (operation, server) =>
    cells.find(cell => cell.operation === operation && cell.server === server);
  const targets = ['chat', 'chat, streamed'].flatMap(operation => {
    const against = (server, field) =>
      ratioOf(find(operation, 'runtime'), find(operation, server), field);
    return [
      {
        what: `${operation}: req/s against Portkey`,
        value: against('portkey', 'requestsPerSecond'),
        unit: 'x',
        atLeast: 5,
      },
      {
        what: `${operation}: CPU per request against Portkey`,
        value: against('portkey', 'cpuMicrosecondsPerRequest'),
        unit: 'x',
        atMost: 0.25,
      },
      {
        what: `${operation}: req/s against the bare upstream`,
        value: against('upstream', 'requestsPerSecond'),
        unit: 'x',
      },
    ];
  });
  return {
    title: 'Bedrock',
    rows: toRows(cells),
    targets: [
      ...targets,
      {
        what: 'time to the first streamed text, beyond the upstream, p50',
        value: firstByte.runtime - firstByte.upstream,
        unit: 'ms',
        atMost: 2,
      },
      {
        what: 'the same for Portkey',
        value: firstByte.portkey - firstByte.upstream,
        unit: 'ms',
      },
    ],
  };
}

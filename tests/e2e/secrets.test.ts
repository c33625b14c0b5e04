/**
 * Where each secret may be, and that it is nowhere else: files, logs, databases, APIs,
 * command lines, and the variables of processes.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, relative } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildRuntime } from './support/build';
import {
  accessToken,
  environmentProcesses,
  READY_TIMEOUT_MS,
  requestFor,
  revealSecret,
  runtimesOf,
} from './support/environment';
import { filesContaining, readOrEmpty } from './support/leftovers';
import { Portal } from './support/portal';
import { Session } from './support/session';
import { startTask, taskEnd, taskLog } from './support/tasks';
import { appPids } from './support/traces';
import { ADA } from './support/users';
import { waitFor } from './support/waitFor';

const NAME = 'discreet';
const MODEL = 'elsewhere.chat';

describe('secrets', () => {
  const upstreamKey = randomSecret();
  const backendVariable = randomSecret();
  /** Authorization headers that the model server was sent. */
  const presented: Array<string | undefined> = [];
  let upstream: Server;
  let portal: Portal;
  let ada: Session;
  let taskId: string;
  let secrets: Record<string, string>;
  let runtime: { pid: number; directory: string };
  let app: number;

  before(async () => {
    await buildRuntime();
    upstream = await startModelServer(presented);
    const { port } = upstream.address() as AddressInfo;
    portal = await Portal.create({
      name: 'secrets',
      variables: {
        E2E_UPSTREAM_KEY: upstreamKey,
        BACKEND_SECRET: backendVariable,
      },
      local: {
        upstreams: [
          {
            id: 'elsewhere',
            baseUrl: `http://127.0.0.1:${port}/v1`,
            apiKey: '${E2E_UPSTREAM_KEY}',
            models: [{ id: MODEL, kind: 'text' }],
          },
        ],
      },
    });
    ada = await Session.signIn(portal, ADA);
    secrets = await use();
  });

  after(async () => {
    await portal?.dispose();
    upstream?.close();
  });

  /** Does with an environment what brings secrets into being and into motion. */
  async function use() {
    const { owner, tier, models, services } = await requestFor(ada, NAME);
    assert.ok(models.includes(MODEL));
    const values = { name: NAME, owner, tier, models, services };
    taskId = await startTask(ada, { ...values, publishTo: 'local' });
    const end = await taskEnd(ada, taskId);
    assert.equal(end, 'completed', await taskLog(ada, taskId));
    const environment = await ada.environments.getEnvironment(NAME);

    const first = await revealSecret(ada, NAME);
    const { items } = await ada.environments.listApplications(NAME);
    const { id } = items.find(({ kind }) => kind === 'external')!;
    await ada.environments.rotateApplication(NAME, id);
    const second = await waitFor({
      what: 'the rotated secret',
      timeoutMs: READY_TIMEOUT_MS,
      ask: () => ada.environments.revealSecret(NAME, id).catch(() => undefined),
    });
    const token = await accessToken(environment, second);
    await fetch(`${environment.status.outputs.endpoint}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({
        model: MODEL,
        messages: [{ role: 'user', content: 'Hello' }],
      }),
    });

    [runtime] = runtimesOf(portal);
    [app] = appPids(runtime.pid);
    return {
      'the first client secret': first.clientSecret,
      'the rotated client secret': second.clientSecret,
      'an access token': token,
      "the app's secret": variablesOf(app).GENAI_CLIENT_SECRET,
      'the control key': readFileSync(
        join(runtime.directory, 'control.key'),
        'utf8',
      ).trim(),
      'the key of the model server': upstreamKey,
      "the backend's own": backendVariable,
    };
  }

  /** Names of the secrets that a text contains. */
  const within = (text: string) =>
    Object.entries(secrets)
      .filter(([, secret]) => text.includes(secret))
      .map(([name]) => name);

  it('are real, so that searching for them means something', () => {
    for (const [name, secret] of Object.entries(secrets)) {
      assert.ok(secret?.length >= 32, name);
    }
    assert.equal(new Set(Object.values(secrets)).size, 7);
    assert.ok(presented.includes(`Bearer ${upstreamKey}`));
  });

  it('are in no file but the control key in its own', () => {
    for (const [name, secret] of Object.entries(secrets)) {
      const files = filesContaining(portal.directory, secret);
      assert.deepEqual(
        files.map(file => relative(runtime.directory, file)),
        name === 'the control key' ? ['control.key'] : [],
        name,
      );
    }
  });

  it("are not in the portal's log, audit included", () => {
    const log = readFileSync(portal.logFile, 'utf8');
    assert.match(log, /credential-reveal/);
    assert.deepEqual(within(log), []);
  });

  it('are in no answer but the one that reveals', async () => {
    for (const path of [
      `/api/scaffolder/v2/tasks/${taskId}`,
      `/api/scaffolder/v2/tasks/${taskId}/events`,
      '/api/catalog/entities',
      `/api/genai-environments/v1/environments/${NAME}`,
      `/api/genai-environments/v1/environments/${NAME}/events`,
      `/api/genai-environments/v1/environments/${NAME}/applications`,
      `/api/genai-environments/v1/environments/${NAME}/services`,
      `/api/genai-environments/v1/environments/${NAME}/openapi`,
      `/api/genai-environments/v1/environments/${NAME}/usage`,
    ]) {
      const response = await ada.fetch(path);
      assert.equal(response.status, 200, path);
      const text = await response.text();
      assert.ok(text.length > 20, path);
      assert.deepEqual(within(text), [], path);
    }
  });

  it('are on no command line, and each process has only its own', () => {
    const pids = environmentProcesses(portal);
    assert.deepEqual(pids.sort(), [runtime.pid, app].sort());
    for (const pid of pids) {
      assert.deepEqual(within(readOrEmpty(`/proc/${pid}/cmdline`)), []);
    }
    assert.deepEqual(within(readOrEmpty(`/proc/${runtime.pid}/environ`)), [
      'the control key',
      'the key of the model server',
    ]);
    assert.deepEqual(within(readOrEmpty(`/proc/${app}/environ`)), [
      "the app's secret",
    ]);
  });
});

function randomSecret(): string {
  return randomBytes(24).toString('hex');
}

function variablesOf(pid: number): Record<string, string> {
  return Object.fromEntries(
    readOrEmpty(`/proc/${pid}/environ`)
      .split('\0')
      .map(line => line.split(/=(.*)/s).slice(0, 2)),
  );
}

/** An OpenAI-compatible server that answers everything alike. */
async function startModelServer(presented: Array<string | undefined>) {
  const server = createServer((request, response) => {
    presented.push(request.headers.authorization);
    request.resume();
    const message = { role: 'assistant', content: 'Hello.' };
    response.setHeader('Content-Type', 'application/json');
    response.end(
      JSON.stringify({
        id: 'chat-1',
        object: 'chat.completion',
        created: 1,
        model: MODEL,
        data: [],
        choices: [{ index: 0, message, finish_reason: 'stop' }],
        usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
      }),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  RUNTIME_NODE_OPTIONS,
  RUNTIME_NODE_VARIABLES,
} from '../../services/runtime/src/launch.ts';
import { freePort, startNode, untilListening } from './process.mjs';

const entry = fileURLToPath(
  new URL('../../services/runtime/dist/runtime.cjs', import.meta.url),
);

/**
 * Starts a runtime as the local provisioner does (docs/runtime-protocol.md), or with
 * other options of Node.
 *
 * `bootMs` is from the start of the process to the first connection that it takes.
 */
export async function startRuntime({
  core,
  services = 'all',
  models = ['local.extractive'],
  upstreams = [],
  bedrock,
  appDirectory,
  nodeOptions = RUNTIME_NODE_OPTIONS,
  env = {},
} = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'genai-bench-'));
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(join(directory, 'environment.json'), '{}');
  const port = await freePort();
  const controlKey = randomBytes(32).toString('base64url');
  const startedAt = performance.now();
  const server = startNode({
    core,
    args: [...nodeOptions, entry, '--services', services],
    cwd: directory,
    env: {
      ...RUNTIME_NODE_VARIABLES,
      GENAI_ENVIRONMENT_NAME: 'bench',
      GENAI_ENVIRONMENT_UID: 'bench-0001',
      GENAI_DATA_DIRECTORY: directory,
      GENAI_PORT: String(port),
      GENAI_MODELS: JSON.stringify(models),
      GENAI_UPSTREAMS: JSON.stringify(upstreams),
      GENAI_CONTROL_KEY: controlKey,
      ...(bedrock ? { GENAI_BEDROCK: JSON.stringify(bedrock) } : {}),
      ...env,
      ...(appDirectory ? { GENAI_APP_DIRECTORY: appDirectory } : {}),
    },
  });
  try {
    await untilListening(port, server);
  } catch (error) {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
  const bootMs = performance.now() - startedAt;
  const url = `http://127.0.0.1:${port}`;

  const control = async (method, path, body) => {
    const response = await fetch(`${url}/control${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${controlKey}`,
        ...(body ? { 'Content-Type': 'application/json' } : {}),
      },
      body: body && JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(
        `${method} /control${path}: ${
          response.status
        } ${await response.text()}`,
      );
    }
    return response.status === 204 ? undefined : response.json();
  };

  return {
    url,
    bootMs,
    pid: server.pid,
    control,
    /** Onboards an application and gets an access token for it. */
    async getToken() {
      const secret = randomBytes(32).toString('base64url');
      const sha256 = createHash('sha256').update(secret).digest('hex');
      await control('PUT', '/applications/bench-client', {
        name: 'bench',
        kind: 'external',
        scopes: ['genaifoundations/read'],
        enabled: true,
        revision: 1,
        secrets: [{ version: 1, sha256 }],
      });
      const response = await fetch(`${url}/oauth2/token`, {
        method: 'POST',
        headers: {
          Authorization: `Basic ${btoa(`bench-client:${secret}`)}`,
          'Content-Type': 'application/x-www-form-urlencoded',
        },
        body: 'grant_type=client_credentials',
      });
      if (!response.ok) throw new Error(await response.text());
      return (await response.json()).access_token;
    },
    async stop() {
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

import { ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Jwk } from '../../e2e/support/forgery';
import { freePort } from '../../e2e/support/freePort';
import { ROOT } from '../../e2e/support/paths';

/** Scope that opens every route of an application. */
export const CLASSIC_SCOPE = 'genaifoundations/read';

/** An environment in a process of its own, from the bundle, as a provisioner starts it. */
export class TestEnvironment {
  private log = '';

  private constructor(
    readonly url: string,
    readonly controlKey: string,
    private readonly directory: string,
    private readonly process: ChildProcess,
  ) {}

  /** @param env more variables, as the runtime's README lists them */
  static async start(
    env: Record<string, string> = {},
  ): Promise<TestEnvironment> {
    const directory = mkdtempSync(join(tmpdir(), 'genai-api-test-'));
    writeFileSync(join(directory, 'environment.json'), '{}');
    const controlKey = randomBytes(24).toString('hex');
    const port = await freePort();
    const runtime = spawn(
      process.execPath,
      [join(ROOT, 'services/runtime/dist/runtime.cjs')],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          PATH: process.env.PATH,
          GENAI_ENVIRONMENT_NAME: 'api',
          GENAI_ENVIRONMENT_UID: 'api-1',
          GENAI_DATA_DIRECTORY: directory,
          GENAI_PORT: String(port),
          GENAI_MODELS: '["local.extractive","local.embedding"]',
          GENAI_CONTROL_KEY: controlKey,
          ...env,
        },
      },
    );
    const started = new TestEnvironment(
      `http://127.0.0.1:${port}`,
      controlKey,
      directory,
      runtime,
    );
    await started.listening();
    return started;
  }

  /** Of the runtime, which starts further processes. */
  get pid(): number {
    return this.process.pid!;
  }

  /** What the runtime logged as an error. */
  errors(): string[] {
    return this.log.split('\n').filter(line => /"level":[56]0/.test(line));
  }

  /** Key with which the environment signs its tokens. */
  signingKey(): Jwk {
    const keys = readFileSync(join(this.directory, 'signing-keys.json'));
    return JSON.parse(keys.toString()).keys[0];
  }

  /** Makes or changes an application, as a portal does. */
  async putApplication(
    clientId: string,
    overrides: { scopes?: string[]; enabled?: boolean; revision?: number } = {},
  ): Promise<void> {
    const secret = secretOf(clientId);
    const sha256 = createHash('sha256').update(secret).digest('hex');
    const response = await this.fetch(`/control/applications/${clientId}`, {
      method: 'PUT',
      token: this.controlKey,
      json: {
        name: clientId,
        kind: 'external',
        scopes: [CLASSIC_SCOPE],
        enabled: true,
        revision: 1,
        secrets: [{ version: 1, sha256 }],
        ...overrides,
      },
    });
    if (!response.ok) throw new Error(await response.text());
  }

  /** An access token of an application that {@link putApplication} made. */
  async token(clientId: string): Promise<string> {
    const credentials = btoa(`${clientId}:${secretOf(clientId)}`);
    const response = await fetch(`${this.url}/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${credentials}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    if (!response.ok) throw new Error(await response.text());
    return ((await response.json()) as { access_token: string }).access_token;
  }

  /** A new application with its token. */
  async createCaller(clientId: string, scopes?: string[]): Promise<string> {
    await this.putApplication(clientId, scopes && { scopes });
    return this.token(clientId);
  }

  fetch(
    path: string,
    init: RequestInit & { token?: string; json?: unknown } = {},
  ): Promise<Response> {
    const { token, json, ...rest } = init;
    const headers = new Headers(rest.headers);
    if (token) headers.set('authorization', `Bearer ${token}`);
    if (json !== undefined) headers.set('content-type', 'application/json');
    return fetch(new URL(path, this.url), {
      ...rest,
      headers,
      body: json === undefined ? rest.body : JSON.stringify(json),
    });
  }

  async dispose(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const exited = once(this.process, 'exit');
      this.process.kill('SIGTERM');
      await exited;
    }
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async listening(): Promise<void> {
    const { stdout, stderr } = this.process;
    for (const stream of [stdout!, stderr!]) {
      stream.setEncoding('utf8').on('data', text => (this.log += text));
    }
    const ended = once(this.process, 'exit').then(() => 'ended');
    while (!this.log.includes('The runtime listens')) {
      const what = await Promise.race([once(stdout!, 'data'), ended]);
      if (what === 'ended') throw new Error(`It did not start:\n${this.log}`);
    }
  }
}

/** Secret of an application that {@link TestEnvironment.putApplication} made. */
export function secretOf(clientId: string): string {
  return `secret-of-${clientId}`;
}

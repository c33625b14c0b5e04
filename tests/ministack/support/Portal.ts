import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import type {
  Application,
  CreateEnvironmentRequest,
  Environment,
  Phase,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import genaiEnvironments from '@genai-environments/backstage-plugin-genai-environments-backend';
import genaiEnvironmentsModuleAws from '@genai-environments/backstage-plugin-genai-environments-backend-module-aws';
import { type Knex, knex as connect } from 'knex';
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 500;
const PHASE_TIMEOUT_MS = 120_000;
/** ministack's account where the access key names no other. */
const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

type Credentials = { clientId: string; clientSecret: string };

/** The portal's backend with the AWS module, as an installation has them. */
export class Portal {
  private constructor(
    private readonly backend: Awaited<ReturnType<typeof startTestBackend>>,
    private readonly knex: Knex,
  ) {}

  static async start(): Promise<Portal> {
    const target = { accountId: ACCOUNT, region: REGION };
    const knex = connect({
      client: 'better-sqlite3',
      connection: ':memory:',
      useNullAsDefault: true,
    });
    const backend = await startTestBackend({
      features: [
        genaiEnvironments,
        genaiEnvironmentsModuleAws,
        mockServices.database.factory({ knex }),
        mockServices.rootConfig.factory({
          data: { genaiEnvironments: { aws: { targets: [target] } } },
        }),
      ],
    });
    return new Portal(backend, knex);
  }

  /** Backstage leaves SQLite's connections open, whose pool keeps a process from ending. */
  async stop(): Promise<void> {
    await this.backend.stop();
    await this.knex.destroy();
  }

  async create(request: CreateEnvironmentRequest): Promise<Environment> {
    return this.ask('POST', '/environments', { body: request, status: 201 });
  }

  async act(name: string, action: 'hibernate' | 'wake'): Promise<void> {
    await this.ask('POST', `/environments/${name}/${action}`, { status: 202 });
  }

  async delete(name: string): Promise<void> {
    await this.ask('DELETE', `/environments/${name}`, { status: 202 });
  }

  /** Hands out the secret of the first external application. */
  async reveal(name: string): Promise<Credentials> {
    const applications = `/environments/${name}/applications`;
    const { items } = await this.ask<{ items: Application[] }>(
      'GET',
      applications,
    );
    const external = items.find(({ kind }) => kind === 'external')!;
    return this.ask('POST', `${applications}/${external.id}/reveal`);
  }

  /** @throws when it fails or takes two minutes, with what it said last */
  async waitForPhase(name: string, phase: Phase): Promise<Environment> {
    const path = `/environments/${name}`;
    const deadline = Date.now() + PHASE_TIMEOUT_MS;
    for (;;) {
      const environment = await this.ask<Environment>('GET', path);
      const { status, generation } = environment;
      const isCurrent = status.observedGeneration === generation;
      if (status.phase === phase && isCurrent) return environment;
      const isLost = status.phase === 'Failed' || Date.now() > deadline;
      assert.ok(!isLost, `not ${phase}: ${say(status)}`);
      await delay(POLL_MS);
    }
  }

  /**
   * Resolves once AWS has nothing of it, with what the list of tagged resources still names.
   *
   * @throws when that takes two minutes, with what it said last
   */
  async waitUntilRemoved(name: string): Promise<string[]> {
    const deadline = Date.now() + PHASE_TIMEOUT_MS;
    for (;;) {
      const response = await this.send('GET', `/environments/${name}`);
      if (response.status === 404) return [];
      const { status } = (await response.json()) as Environment;
      const remains = status.conditions.find(
        ({ reason }) => reason === 'RemainsFound',
      );
      if (remains) return remains.message.match(/arn:[^,\s]+/g) ?? [];
      assert.ok(Date.now() < deadline, `not removed: ${say(status)}`);
      await delay(POLL_MS);
    }
  }

  async ask<T>(
    method: string,
    path: string,
    options: { body?: object; status?: number } = {},
  ): Promise<T> {
    const { body, status = 200 } = options;
    const response = await this.send(method, path, body);
    const text = await response.text();
    assert.equal(response.status, status, `${method} ${path}: ${text}`);
    return JSON.parse(text);
  }

  private send(method: string, path: string, body?: object): Promise<Response> {
    const port = this.backend.server.port();
    return fetch(`http://127.0.0.1:${port}/api/genai-environments/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
  }
}

function say({ phase, conditions, services }: Environment['status']): string {
  return JSON.stringify({ phase, conditions, services });
}

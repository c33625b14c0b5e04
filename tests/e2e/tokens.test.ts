/**
 * Two environments side by side: which tokens and callers each of their routes refuses.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Environment } from '@genai-environments/backstage-plugin-genai-environments-common';
import { buildRuntime } from './support/build';
import {
  accessToken,
  createReady,
  READY_TIMEOUT_MS,
  revealSecret,
  runtimesOf,
} from './support/environment';
import { claimsOf, hmacTokens, Jwk, signed, unsigned } from './support/forgery';
import { Portal } from './support/portal';
import { Session } from './support/session';
import { appPids, listeningAddresses } from './support/traces';
import { ADA } from './support/users';
import { waitFor } from './support/waitFor';

type Credentials = { clientId: string; clientSecret: string };
type Route = { method: string; path: string };

/** One running environment, with what only the test may look at. */
type Side = {
  environment: Environment;
  credentials: Credentials;
  token: string;
  jwk: Jwk;
  routes: Route[];
};

const CONTROL_ROUTES = [
  ['GET', '/control/status'],
  ['GET', '/control/usage?from=2026-01-01&to=2026-01-01'],
  ['PUT', '/control/applications/mine'],
  ['DELETE', '/control/applications/mine'],
  ['POST', '/control/shutdown'],
];

describe('tokens and callers of two environments', () => {
  let portal: Portal;
  let ada: Session;
  let one: Side;
  let two: Side;

  before(async () => {
    await buildRuntime();
    portal = await Portal.create({ name: 'tokens' });
    ada = await Session.signIn(portal, ADA);
    one = await start('token-one');
    two = await start('token-two');
  });

  after(() => portal?.dispose());

  async function start(name: string): Promise<Side> {
    const environment = await createReady(ada, name);
    const credentials = await revealSecret(ada, name);
    const { directory } = runtimesOf(portal).find(({ port }) =>
      environment.status.outputs.endpoint!.endsWith(`:${port}`),
    )!;
    const keys = readFileSync(join(directory, 'signing-keys.json'), 'utf8');
    return {
      environment,
      credentials,
      token: await accessToken(environment, credentials),
      jwk: JSON.parse(keys).keys[0],
      routes: await protectedRoutes(environment),
    };
  }

  async function protectedRoutes({ status }: Environment): Promise<Route[]> {
    const response = await fetch(`${status.outputs.endpoint}/openapi.json`);
    const { paths } = (await response.json()) as {
      paths: Record<string, Record<string, { security: object[] }>>;
    };
    return Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations)
        .filter(([, { security }]) =>
          security.some(scheme => 'accessToken' in scheme),
        )
        .map(([method]) => ({ method: method.toUpperCase(), path })),
    );
  }

  async function call(side: Side, route: Route, token?: string) {
    const { endpoint } = side.environment.status.outputs;
    const response = await fetch(endpoint + route.path, {
      method: route.method,
      headers: {
        ...(token && { Authorization: `Bearer ${token}` }),
        'Content-Type': 'application/json',
      },
      body: route.method === 'GET' ? undefined : '{}',
    });
    await response.arrayBuffer();
    return response.status;
  }

  /** Every protected route of an environment answers `expected`, and nothing else. */
  async function refusedWith(expected: number, side: Side, token?: string) {
    assert.ok(side.routes.length > 40, `${side.routes.length} routes`);
    for (const route of side.routes) {
      const status = await call(side, route, token);
      assert.equal(status, expected, `${route.method} ${route.path}`);
    }
  }

  it('opens its own environment with each, so that the refusals mean something', async () => {
    for (const side of [one, two]) {
      for (const token of [
        side.token,
        signed(side.jwk, claimsOf(side.token)),
      ]) {
        const models = { method: 'GET', path: '/v1/models' };
        assert.equal(await call(side, models, token), 200);
      }
    }
  });

  it('refuses tokens of the neighbour, whatever they claim', async () => {
    for (const [side, other] of [
      [one, two],
      [two, one],
    ]) {
      await refusedWith(401, side, other.token);
      // The neighbour's key under this environment's name and claims.
      await refusedWith(401, side, signed(other.jwk, claimsOf(side.token)));
      const disguised = { ...other.jwk, kid: side.jwk.kid };
      await refusedWith(401, side, signed(disguised, claimsOf(side.token)));
    }
  });

  it('refuses no token, expired, unsigned and otherwise wrong ones', async () => {
    const good = claimsOf(one.token);
    const past = Math.floor(Date.now() / 1000) - 3600;
    const wrong = [
      undefined,
      unsigned(good),
      ...hmacTokens(one.jwk, good),
      signed(one.jwk, { ...good, exp: past }),
      signed(one.jwk, { ...good, nbf: Number(good.iat) + 7200 }),
      signed(one.jwk, { ...good, iss: claimsOf(two.token).iss }),
      signed(one.jwk, { ...good, aud: claimsOf(two.token).aud }),
      signed(one.jwk, { ...good, client_id: claimsOf(two.token).client_id }),
    ];
    for (const token of wrong) await refusedWith(401, one, token);
    await refusedWith(
      403,
      one,
      signed(one.jwk, { ...good, scope: 'other/scope' }),
    );
  });

  it('refuses tokens of applications that were disabled or deleted, on every route', async () => {
    const application = await ada.environments.createApplication('token-one', {
      name: 'short-lived',
    });
    await waitFor({
      what: 'the secret to be there',
      timeoutMs: READY_TIMEOUT_MS,
      ask: async () => {
        const { items } = await ada.environments.listApplications('token-one');
        const { secretState } = items.find(({ id }) => id === application.id)!;
        return secretState === 'available';
      },
    });
    const credentials = await ada.environments.revealSecret(
      'token-one',
      application.id,
    );
    const token = await accessToken(one.environment, credentials);
    await ada.environments.disableApplication('token-one', application.id);
    await waitFor({
      what: 'the disabled application to be refused',
      timeoutMs: READY_TIMEOUT_MS,
      ask: async () => (await call(one, one.routes[0], token)) === 403,
    });
    await refusedWith(403, one, token);

    await ada.environments.deleteApplication('token-one', application.id);
    await waitFor({
      what: 'the deleted application to be refused',
      timeoutMs: READY_TIMEOUT_MS,
      ask: async () => (await call(one, one.routes[0], token)) === 401,
    });
    await refusedWith(401, one, token);
  });

  it('has nothing to say below /control without the key, nor under a strange host name', async () => {
    for (const { environment, token } of [one, two]) {
      const { endpoint } = environment.status.outputs;
      for (const [method, path] of CONTROL_ROUTES) {
        for (const bearer of [undefined, token, 'x'.repeat(43)]) {
          const response = await fetch(endpoint + path, {
            method,
            headers: bearer ? { Authorization: `Bearer ${bearer}` } : {},
          });
          assert.equal(response.status, 401, `${method} ${path} ${bearer}`);
        }
      }
      for (const path of ['/', '/v1/models', '/control/status', '/app/']) {
        const host = `rebound.example:${new URL(endpoint!).port}`;
        assert.equal(await statusForHost(endpoint + path, host, token), 403);
      }
    }
  });

  it('listens on the loopback interface only, runtime and app', () => {
    const runtimes = runtimesOf(portal);
    assert.equal(runtimes.length, 2);
    for (const { pid } of runtimes) {
      const pids = [pid, ...appPids(pid)];
      assert.equal(pids.length, 2);
      for (const each of pids) {
        assert.deepEqual(listeningAddresses(each), ['127.0.0.1']);
      }
    }
  });
});

/** `fetch` does not let anybody set the Host header. */
function statusForHost(url: string, host: string, token: string) {
  return new Promise<number>((resolve, reject) => {
    const headers = { host, authorization: `Bearer ${token}` };
    request(url, { headers }, response => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

/**
 * Every route of the portal's API, as somebody of another team and as nobody.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { buildRuntime } from './support/build';
import { createReady, requestFor } from './support/environment';
import { Portal } from './support/portal';
import { Session } from './support/session';
import { queryDatabase } from './support/traces';
import { ADA, GUEST } from './support/users';

const NAME = 'guarded';
const BASE = '/api/genai-environments/v1';
const ENVIRONMENT = `${BASE}/environments/${NAME}`;

/** Of one environment, by what others may do. */
const READS = [
  '',
  '/events',
  '/services',
  '/openapi',
  '/usage',
  '/applications',
];
/** Of the owners alone. */
const OWNERS_READS = ['/logs'];
const CHANGES = [
  ['PATCH', '', { description: 'mine now' }],
  ['DELETE', ''],
  ['POST', '/services/model-invocation/scale', { tasks: 2 }],
  ['POST', '/services/model-invocation/restart'],
  ['POST', '/applications', { name: 'mine' }],
  ['POST', '/applications/APPLICATION/rotate'],
  ['POST', '/applications/APPLICATION/enable'],
  ['POST', '/applications/APPLICATION/disable'],
  ['POST', '/applications/APPLICATION/reveal'],
  ['DELETE', '/applications/APPLICATION'],
] as const;
const OTHERS = [
  ['GET', '/environments'],
  ['POST', '/environments', {}],
  ['POST', '/plan', {}],
  ['GET', '/provisioners'],
  ['GET', '/models?provisioner=local&region=local'],
  ['GET', '/limits'],
] as const;

describe("another team's user, and nobody", () => {
  let portal: Portal;
  let ada: Session;
  let guest: Session;
  let application: string;

  before(async () => {
    await buildRuntime();
    portal = await Portal.create({ name: 'permissions' });
    [ada, guest] = await Promise.all(
      [ADA, GUEST].map(user => Session.signIn(portal, user)),
    );
    await createReady(ada, NAME);
    const { items } = await ada.environments.listApplications(NAME);
    application = items.find(({ kind }) => kind === 'external')!.id;
  });

  after(() => portal?.dispose());

  const call = (
    method: string,
    path: string,
    options: { token?: string; body?: object; accept?: string },
  ) =>
    fetch(portal.url + path.replace('APPLICATION', application), {
      method,
      headers: {
        ...(options.token && { Authorization: `Bearer ${options.token}` }),
        ...(options.body && { 'Content-Type': 'application/json' }),
        Accept: options.accept ?? 'application/json',
      },
      body: options.body && JSON.stringify(options.body),
      signal: AbortSignal.timeout(10_000),
    });

  /** All that a change could have left: rows of the environment and its applications. */
  const state = () => [
    queryDatabase(
      portal,
      'select uid, generation, spec, deletion_requested_at, (select max(sequence) from environment_events) as events from environments',
    ),
    queryDatabase(portal, 'select * from applications order by id'),
  ];

  it('let the other team read everything, and follow events', async () => {
    for (const path of READS) {
      const response = await call('GET', ENVIRONMENT + path, guest);
      assert.equal(response.status, 200, path);
      assert.equal(response.headers.get('cache-control'), 'no-store');
      await response.text();
    }
    const stream = await call('GET', `${ENVIRONMENT}/events`, {
      token: guest.token,
      accept: 'text/event-stream',
    });
    assert.equal(stream.status, 200);
    const { value } = await stream.body!.getReader().read();
    assert.match(new TextDecoder().decode(value), /^id: \d+\ndata: /);
  });

  it('let the other team read no logs', async () => {
    for (const path of OWNERS_READS) {
      const response = await call('GET', ENVIRONMENT + path, guest);
      assert.equal(response.status, 403, path);
    }
  });

  it('let the other team change nothing', async () => {
    const before_ = state();
    for (const [method, path, body] of CHANGES) {
      const { token } = guest;
      const response = await call(method, ENVIRONMENT + path, { token, body });
      assert.equal(response.status, 403, `${method} ${path}`);
      const { error } = (await response.json()) as {
        error: { message: string };
      };
      assert.match(error.message, /You lack the permission genai\./);
    }
    assert.deepEqual(state(), before_);
  });

  it("let the other team create nothing in this team's name", async () => {
    const request = await requestFor(ada, 'not-mine');
    const response = await call('POST', `${BASE}/environments`, {
      token: guest.token,
      body: request,
    });
    assert.equal(response.status, 403);
    assert.deepEqual(
      queryDatabase(
        portal,
        "select uid from environments where name = 'not-mine'",
      ),
      [],
    );
  });

  it('let nobody do anything, with no token or one that is none', async () => {
    const before_ = state();
    const routes = [
      ...[...READS, ...OWNERS_READS].map(
        path => ['GET', ENVIRONMENT + path] as const,
      ),
      ...CHANGES.map(
        ([method, path, body]) => [method, ENVIRONMENT + path, body] as const,
      ),
      ...OTHERS.map(
        ([method, path, body]) => [method, BASE + path, body] as const,
      ),
    ];
    for (const token of [undefined, 'none', foreignToken(ada.token)]) {
      for (const [method, path, body] of routes) {
        const response = await call(method, path, { token, body });
        assert.equal(response.status, 401, `${method} ${path}`);
      }
      const stream = await call('GET', `${ENVIRONMENT}/events`, {
        token,
        accept: 'text/event-stream',
      });
      assert.equal(stream.status, 401);
    }
    assert.deepEqual(state(), before_);
  });
});

/** A portal's token with a signature of somebody else. */
function foreignToken(token: string): string {
  const [header, payload, signature] = token.split('.');
  return [header, payload, [...signature].reverse().join('')].join('.');
}

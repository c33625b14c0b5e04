import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { FakeEnvironment } from '../testing/fakeEnvironment.ts';
import { createTokenClient } from './tokenClient.ts';

let environment: FakeEnvironment;
let now = 0;
const create = (secret = environment.clientSecret) =>
  createTokenClient({
    tokenUrl: `${environment.endpoint}/oauth2/token`,
    clientId: environment.clientId,
    clientSecret: secret,
    now: () => now,
  });

beforeEach(async () => {
  environment = await FakeEnvironment.start();
  now = 0;
});
afterEach(() => environment.stop());

test('asks once and keeps the token until 30 s before it expires', async () => {
  const tokens = create();
  assert.equal(await tokens.getToken(), 'token-1');
  now = 3_569_999;
  assert.equal(await tokens.getToken(), 'token-1');
  now = 3_570_000;
  assert.equal(await tokens.getToken(), 'token-2');
});

test('keeps a token that lives shorter than that for half its life', async () => {
  environment.tokenLifetimeSeconds = 10;
  const tokens = create();
  await tokens.getToken();
  now = 4_999;
  assert.equal(await tokens.getToken(), 'token-1');
  now = 5_000;
  assert.equal(await tokens.getToken(), 'token-2');
});

test('callers at the same time share one request', async () => {
  const tokens = create();
  const all = await Promise.all([1, 2, 3].map(() => tokens.getToken()));
  assert.deepEqual(all, ['token-1', 'token-1', 'token-1']);
  assert.equal(environment.tokenRequests, 1);
});

test('asks anew once a token was refused, but not for an older one', async () => {
  const tokens = create();
  await tokens.getToken();
  tokens.invalidate('token-1');
  assert.equal(await tokens.getToken(), 'token-2');
  tokens.invalidate('token-1');
  assert.equal(await tokens.getToken(), 'token-2');
});

test('a wrong secret is an error that says whom to ask, without the secret', async () => {
  await assert.rejects(create('wrong-secret').getToken(), {
    code: 'credentials-refused',
    message: /Ask the environment’s owner/,
  });
});

test('a failure is not kept', async () => {
  const tokens = create();
  environment.tokenStatus = 500;
  await assert.rejects(tokens.getToken(), { code: 'unavailable' });
  environment.tokenStatus = 200;
  assert.equal(await tokens.getToken(), 'token-2');
});

test('an endpoint that is gone is unavailable', async () => {
  const tokens = create();
  await environment.stop();
  await assert.rejects(tokens.getToken(), { code: 'unavailable' });
});

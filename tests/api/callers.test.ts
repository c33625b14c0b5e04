/**
 * Which callers every route of the OpenAPI document refuses. The routes are read from the
 * document, so a new one is tested as soon as it is described.
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { claimsOf, hmacTokens, signed, unsigned } from '../e2e/support/forgery';
import { TestEnvironment } from './support/environment';
import {
  credentialsOf,
  Operation,
  operationsOf,
  readDocument,
  scopesOf,
} from './support/openApi';
import { problemOf } from './support/problem';
import { createRecords, Records, UNKNOWN_RECORDS } from './support/records';
import { exampleOf } from './support/requests';

/** Classic clients expect these words, where everything else answers 404. */
const SAYS_NOT_FOUND: Record<string, string> = {
  'POST /vector/store/status': 'NOT_FOUND',
  'POST /vector/store/index/status': 'NOT_FOUND_OR_READY',
};

/** Needs a second scope beside the one that it is listed for. */
const NEEDS_MORE: Record<string, string> = {
  'POST /v1/answers': 'genai/vector.read',
};

describe('every route', () => {
  let environment: TestEnvironment;
  let operations: Operation[];
  let owner: string;
  let other: string;
  let records: Records;

  before(async () => {
    environment = await TestEnvironment.start();
    operations = operationsOf(await readDocument(environment));
    owner = await environment.createCaller('owner');
    other = await environment.createCaller('other');
    records = await createRecords(environment, owner);
  });

  after(() => environment?.dispose());

  const opensTo = (name: string) =>
    operations.filter(operation => credentialsOf(operation).includes(name));
  const tokenRoutes = () => [
    ...opensTo('accessToken'),
    ...opensTo('administrator'),
  ];
  function send(operation: Operation, init: RequestInit & { token?: string }) {
    const { url, method } = exampleOf(operation, UNKNOWN_RECORDS);
    return environment.fetch(url, { method, ...init });
  }

  /** Sends the example of a route, with the ids of these records. */
  function sendExample(operation: Operation, ids: Records, token: string) {
    const { url, method, json } = exampleOf(operation, ids);
    const headers = { accept: 'application/json, text/event-stream' };
    return environment.fetch(url, { method, token, json, headers });
  }

  it('is open only where the document says so', async () => {
    const open = operations.filter(each => credentialsOf(each).length === 0);
    assert.equal(open.length, 12);
    for (const operation of open) {
      const response = await send(operation, {});
      assert.equal(response.status, 200, operation.key);
      await response.body?.cancel();
    }
  });

  it('answers 401 without a token and says how to send one', async () => {
    assert.ok(tokenRoutes().length > 70);
    for (const operation of tokenRoutes()) {
      const response = await send(operation, {});
      const challenge = response.headers.get('www-authenticate');
      assert.match(challenge ?? '', /^Bearer/, operation.key);
      const { detail } = await problemOf(response, 401, operation.key);
      assert.match(detail, /Bearer/, operation.key);
    }
  });

  it('answers 401 to expired, foreign, unsigned and forged tokens', async () => {
    const claims = claimsOf(owner);
    const jwk = environment.signingKey();
    const foreignKey = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
    }).privateKey.export({ format: 'jwk' });
    const hourAgo = Math.floor(Date.now() / 1000) - 3600;
    const bad: Record<string, string> = {
      expired: signed(jwk, { ...claims, iat: hourAgo - 60, exp: hourAgo }),
      'of another key': signed(
        { ...foreignKey, kid: jwk.kid } as never,
        claims,
      ),
      'of another issuer': signed(jwk, { ...claims, iss: 'http://elsewhere' }),
      'for another environment': signed(jwk, { ...claims, aud: 'urn:other' }),
      unsigned: unsigned(claims),
      'of a gone application': signed(jwk, { ...claims, client_id: 'gone' }),
      nonsense: 'nonsense',
    };
    hmacTokens(jwk, claims).forEach((token, at) => {
      bad[`HMAC by the public key, form ${at}`] = token;
    });
    // The same key with the same claims is good, so the reasons are those named above.
    const [route] = opensTo('accessToken');
    const good = await send(route, { token: signed(jwk, claims) });
    assert.equal(good.status, 200);

    for (const operation of tokenRoutes()) {
      for (const [what, token] of Object.entries(bad)) {
        const response = await send(operation, { token });
        await problemOf(response, 401, `${operation.key}, ${what}`);
      }
    }
  });

  it('answers 403 to a token without one of its scopes', async () => {
    const usage = await environment.createCaller('usage', ['genai/usage.read']);
    const prompts = await environment.createCaller('prompts', [
      'genai/prompt.read',
    ]);
    for (const operation of opensTo('accessToken')) {
      const isOfUsage = scopesOf(operation).includes('genai/usage.read');
      const response = await send(operation, {
        token: isOfUsage ? prompts : usage,
      });
      const { code } = await problemOf(response, 403, operation.key);
      assert.equal(code, 'insufficient_scope', operation.key);
    }
    for (const operation of opensTo('administrator')) {
      const response = await send(operation, { token: owner });
      await problemOf(response, 403, operation.key);
    }
  });

  it('opens to each of its scopes alone', async () => {
    const scopes = [...new Set(opensTo('accessToken').flatMap(scopesOf))];
    assert.equal(scopes.length, 8);
    for (const [at, scope] of scopes.entries()) {
      const token = await environment.createCaller(`scoped-${at}`, [scope]);
      for (const operation of opensTo('accessToken')) {
        if (!scopesOf(operation).includes(scope)) continue;
        if (NEEDS_MORE[operation.key] === scope) continue;
        const response = await sendExample(operation, UNKNOWN_RECORDS, token);
        const { status } = response;
        await response.body?.cancel();
        assert.ok(![401, 403].includes(status), `${operation.key}: ${status}`);
      }
    }
  });

  it('answers 403 to an application that was disabled after it got its token', async () => {
    const token = await environment.createCaller('disabled');
    await environment.putApplication('disabled', {
      enabled: false,
      revision: 2,
    });
    for (const operation of opensTo('accessToken')) {
      const response = await send(operation, { token });
      const { code } = await problemOf(response, 403, operation.key);
      assert.equal(code, 'application_disabled', operation.key);
    }
  });

  it('answers 403 to an address of an object that nobody signed', async () => {
    assert.equal(opensTo('signedAddress').length, 2);
    for (const operation of opensTo('signedAddress')) {
      for (const query of ['', '?signature=forged&expires=9999999999']) {
        const { url, method } = exampleOf(operation, UNKNOWN_RECORDS);
        const response = await environment.fetch(url + query, { method });
        await problemOf(response, 403, operation.key);
      }
    }
  });

  it("answers 404 for another application's record, as for one that is not there", async () => {
    const tested: string[] = [];
    for (const operation of opensTo('accessToken')) {
      const mine = exampleOf(operation, records);
      const unknown = exampleOf(operation, UNKNOWN_RECORDS);
      // The same for everybody: it names no record.
      if (JSON.stringify(mine) === JSON.stringify(unknown)) continue;
      tested.push(operation.key);
      const response = await sendExample(operation, records, other);
      const word = SAYS_NOT_FOUND[operation.key];
      if (word) {
        assert.equal(response.status, 200, operation.key);
        const { status } = (await response.json()) as { status: string };
        assert.equal(status, word, operation.key);
        continue;
      }
      const foreign = await problemOf(response, 404, operation.key);
      const absent = await sendExample(operation, UNKNOWN_RECORDS, other);
      const missing = await problemOf(absent, 404, operation.key);
      assert.equal(foreign.code, missing.code, operation.key);
    }
    assert.ok(tested.length > 35, tested.join('\n'));
  });

  it('has left the records of the application as they were', async () => {
    const reading = opensTo('accessToken').filter(
      ({ method, parameters = [] }) =>
        method === 'GET' && parameters.some(each => each.in === 'path'),
    );
    for (const operation of reading) {
      const response = await sendExample(operation, records, owner);
      assert.equal(response.status, 200, operation.key);
      await response.body?.cancel();
    }
    const found = await environment.fetch('/vector/search', {
      method: 'POST',
      token: owner,
      json: { index_id: records.indexId, query: 'days of leave' },
    });
    const [{ file_name: fileName }] = (await found.json()) as Array<{
      file_name: string;
    }>;
    assert.equal(fileName, records.fileName);
    const rendered = await environment.fetch('/prompt/template/render', {
      method: 'POST',
      token: owner,
      json: {
        name: records.template,
        label: 'production',
        variables: { name: 'Ada' },
      },
    });
    const { text } = (await rendered.json()) as { text: string };
    assert.equal(text, 'Greet Ada.');
  });

  it('has logged no error meanwhile', () => {
    assert.deepEqual(environment.errors(), []);
  });
});

/**
 * Which bodies and queries every route of the OpenAPI document refuses. The routes are read
 * from the document, so a new one is tested as soon as it is described.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { TestEnvironment } from './support/environment';
import {
  credentialsOf,
  Operation,
  operationsOf,
  readDocument,
  takesJson,
} from './support/openApi';
import { problemOf } from './support/problem';
import { UNKNOWN_RECORDS } from './support/records';
import { exampleOf } from './support/requests';

describe('every route', () => {
  let environment: TestEnvironment;
  let operations: Operation[];
  let owner: string;

  before(async () => {
    environment = await TestEnvironment.start();
    operations = operationsOf(await readDocument(environment));
    owner = await environment.createCaller('owner');
  });

  after(() => environment?.dispose());

  const credentialFor = (operation: Operation) =>
    credentialsOf(operation).includes('administrator')
      ? environment.controlKey
      : owner;

  function send(operation: Operation, init: RequestInit & { token?: string }) {
    const { url, method } = exampleOf(operation, UNKNOWN_RECORDS);
    return environment.fetch(url, { method, ...init });
  }

  it('answers 400 to a body that is no JSON, or is missing', async () => {
    for (const operation of operations.filter(takesJson)) {
      const token = credentialFor(operation);
      const headers = { 'content-type': 'application/json' };
      for (const body of ['{"half": ', '{]', 'null and more']) {
        const response = await send(operation, { token, headers, body });
        await problemOf(response, 400, `${operation.key} ${body}`);
      }
      if (!operation.requestBody!.required) continue;
      const response = await send(operation, { token, headers });
      await problemOf(response, 400, operation.key);
    }
  });

  it('answers 415 to a body of another media type', async () => {
    for (const operation of operations) {
      if (!operation.requestBody) continue;
      if (credentialsOf(operation).includes('signedAddress')) continue;
      const response = await send(operation, {
        token: credentialFor(operation),
        headers: { 'content-type': 'application/xml' },
        body: '<body/>',
      });
      await problemOf(response, 415, operation.key);
    }
  });

  it('answers 422 with issues to a body that its schema refuses', async () => {
    for (const operation of operations.filter(takesJson)) {
      const token = credentialFor(operation);
      for (const json of [[1], 'text', 7]) {
        const { url, method } = exampleOf(operation, UNKNOWN_RECORDS);
        const init = { method, token, json };
        const response = await environment.fetch(url, init);
        const where = `${operation.key} ${JSON.stringify(json)}`;
        const { issues } = await problemOf(response, 422, where);
        assert.ok(
          issues!.every(({ message }) => message.length > 0),
          where,
        );
        assert.ok(issues!.length > 0, where);
      }
    }
  });

  it('answers 422 with issues to a query that its schema refuses', async () => {
    for (const operation of operations) {
      const query = operation.parameters?.find(each => each.in === 'query');
      if (!query) continue;
      const { url, method, json } = exampleOf(operation, UNKNOWN_RECORDS);
      const [path] = url.split('?');
      const response = await environment.fetch(`${path}?${query.name}=`, {
        method,
        token: credentialFor(operation),
        json,
      });
      const { issues } = await problemOf(response, 422, operation.key);
      assert.equal(issues![0].path, query.name, operation.key);
    }
  });

  it('has logged no error meanwhile', () => {
    assert.deepEqual(environment.errors(), []);
  });
});

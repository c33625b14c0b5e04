/**
 * What the OpenAPI document of an environment says: that it is one, that no route of the
 * published surface is missing, and that every route states who may call it and how it refuses.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { TestEnvironment } from './support/environment';
import {
  credentialsOf,
  Document,
  Operation,
  operationsOf,
  readDocument,
  takesJson,
} from './support/openApi';
import { runPython } from './support/python';
import { ALL_ROUTES } from './support/surface';

const PROBLEM = 'application/problem+json';
const OPEN =
  /^GET \/(model|document|vector|prompt|admin|mcp)\/service\/(health|meta)$/;

describe('the OpenAPI document', () => {
  let environment: TestEnvironment;
  let document: Document;
  let operations: Operation[];

  before(async () => {
    environment = await TestEnvironment.start();
    document = await readDocument(environment);
    operations = operationsOf(document);
  });

  after(() => environment?.dispose());

  /** Asserts of every route, and names those of which it does not hold. */
  function holdsForAll(rule: (operation: Operation) => boolean) {
    const breaking = operations.filter(operation => !rule(operation));
    assert.deepEqual(
      breaking.map(({ key }) => key),
      [],
    );
  }

  it('is valid OpenAPI 3.1', async () => {
    assert.match(document.openapi, /^3\.1\./);
    const directory = mkdtempSync(join(tmpdir(), 'genai-openapi-'));
    const file = join(directory, 'openapi.json');
    writeFileSync(file, JSON.stringify(document));
    const { code, output } = await runPython([
      '-m',
      'openapi_spec_validator',
      file,
    ]);
    rmSync(directory, { recursive: true });
    assert.equal(code, 0, output);
  });

  it('describes the whole surface, and nothing that is in no table', () => {
    assert.deepEqual(
      operations
        .map(({ key }) => key)
        .filter(key => !OPEN.test(key))
        .sort(),
      [...ALL_ROUTES].sort(),
    );
  });

  it('merges what each service says about itself', async () => {
    const open = operations.filter(({ path }) => path.endsWith('/meta'));
    assert.equal(open.length, 6);
    const keys = await Promise.all(
      open.map(async ({ path }) =>
        operationsOf(await readDocument(environment, path)),
      ),
    );
    const ofServices = keys.flat().map(({ key }) => key);
    const objects = operations.filter(({ path }) =>
      path.startsWith('/objects'),
    );
    assert.deepEqual(
      [...ofServices, ...objects.map(({ key }) => key)].sort(),
      operations.map(({ key }) => key).sort(),
    );
  });

  it('states a known credential for every route that is not open', () => {
    const known = Object.keys(document.components.securitySchemes);
    holdsForAll(operation => {
      const credentials = credentialsOf(operation);
      return (
        credentials.every(name => known.includes(name)) &&
        (credentials.length === 0) === OPEN.test(operation.key)
      );
    });
  });

  it('states how every route refuses, as problems', () => {
    holdsForAll(operation => {
      const { parameters = [], responses } = operation;
      const expected = ['200', 'default'];
      if (!OPEN.test(operation.key)) expected.push('401', '403');
      if (parameters.some(each => each.in === 'path')) expected.push('404');
      if (parameters.length > 0) expected.push('422');
      if (takesJson(operation)) expected.push('400', '413', '415', '422');
      return expected.every(status => status in responses);
    });
    holdsForAll(({ responses }) =>
      Object.entries(responses)
        .filter(([status]) => /^4|default/.test(status))
        .every(([, { content }]) => content?.[PROBLEM] !== undefined),
    );
  });

  it('has a summary for every route and each operation id once', () => {
    holdsForAll(({ summary = '' }) => summary.length > 5);
    const ids = operations.map(({ operationId }) => operationId);
    assert.equal(new Set(ids).size, ids.length);
  });
});

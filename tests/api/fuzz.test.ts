/**
 * Schemathesis sends every route what its schema allows and what it does not, without a token
 * and by other methods, and checks that nothing fails inside and that answers are what the
 * document says. Calls that follow from each other are in classic.test.ts and modern.test.ts.
 *
 * Another seed sends other requests:
 *
 *   GENAI_TEST_API_SEED=2 npm run test:api -- fuzz
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { TestEnvironment } from './support/environment';
import {
  Document,
  Operation,
  operationsOf,
  readDocument,
} from './support/openApi';
import { runPython } from './support/python';
import { createRecords, Records } from './support/records';
import { exampleOf, IDLE } from './support/requests';

/** The same one every time, so that what is found today is found tomorrow. */
const SEED = process.env.GENAI_TEST_API_SEED ?? '1';

const CONFIG = `
[warnings]
display = ["unsupported_regex"]
fail-on = ["unsupported_regex"]

# The statuses that are expected of themselves, but no 5xx, and 413: a list of more items than
# allowed can be refused by its size before it is read.
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429]

# All that there are but QUERY, which Fastify refuses without a body before it looks for a route.
[phases.coverage]
unexpected-methods = ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE"]
`;

const EXCLUDED_CHECKS = [
  // A schema allows what only records can tell to be wrong: a cursor that no list answered,
  // two days in the wrong order, a model of another kind.
  'positive_data_acceptance',
  // An address can belong to two routes: DELETE /document/extraction/create_job deletes the
  // job of that name.
  'allow_header_conformance',
];

const DELETES = ['--include-method', 'DELETE'];
const ADMINISTRATION = ['--include-path-regex', '^/admin'];
const REST = ['--exclude-path-regex', '^/admin', '--exclude-method', 'DELETE'];

describe(`whatever is sent, seed ${SEED}`, () => {
  let environment: TestEnvironment;
  let token: string;
  let directory: string;
  let schema: string;
  let total: number;
  const tested: number[] = [];

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'genai-fuzz-'));
    writeFileSync(join(directory, 'schemathesis.toml'), CONFIG);
    environment = await TestEnvironment.start();
    token = await environment.createCaller('owner');
    await environment.putApplication(IDLE);
    const records = await createRecords(environment, token);
    const document = await readDocument(environment);
    addExamples(document, records);
    total = operationsOf(document).length;
    schema = join(directory, 'openapi.json');
    writeFileSync(schema, JSON.stringify(document));
  });

  after(async () => {
    await environment?.dispose();
    rmSync(directory, { recursive: true, force: true });
  });

  async function fuzz(bearer: string, filters: string[]): Promise<void> {
    const { code, output } = await runPython([
      ...['-m', 'schemathesis.cli'],
      ...['--config-file', join(directory, 'schemathesis.toml')],
      ...['run', schema, '--url', environment.url],
      ...['--header', `Authorization: Bearer ${bearer}`],
      ...['--phases', 'examples,coverage,fuzzing'],
      ...['--max-examples', '10', '--seed', SEED],
      ...['--checks', 'all', '--exclude-checks', EXCLUDED_CHECKS.join()],
      ...['--continue-on-failure', '--no-color'],
      ...filters,
    ]);
    assert.equal(code, 0, output);
    assert.deepEqual(environment.errors(), []);
    const selected = /Tested:\s+(\d+)/.exec(output);
    assert.ok(selected, output);
    tested.push(Number(selected[1]));
  }

  it('is answered as the document says, by the routes of applications', () =>
    fuzz(token, REST));

  it('is answered as the document says, by the administration', () =>
    fuzz(environment.controlKey, ADMINISTRATION));

  it('is answered as the document says, by the routes that delete', () =>
    fuzz(token, DELETES));

  it('has reached every route of the document', () => {
    const sum = tested.reduce((all, count) => all + count, 0);
    assert.equal(sum, total);
  });
});

/** Requests that lead to records, so that routes are tested beyond their 404. */
function addExamples(document: Document, records: Records): void {
  for (const operation of operationsOf(document)) {
    const target =
      document.paths[operation.path][operation.method.toLowerCase()];
    addExample(target, exampleOf(operation, records));
  }
}

function addExample(
  { parameters = [], requestBody }: Operation,
  example: ReturnType<typeof exampleOf>,
): void {
  for (const each of parameters) {
    each.example =
      each.in === 'path' ? example.parameter : example.query[each.name];
    if (each.example === undefined) delete each.example;
  }
  const json = requestBody?.content['application/json'];
  if (json) json.example = example.json;
}

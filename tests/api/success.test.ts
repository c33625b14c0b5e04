/**
 * Every route of the OpenAPI document answers its application well. The routes are read from
 * the document, so that a new one cannot be forgotten; what the answers hold is asserted by the
 * journeys of classic.test.ts, modern.test.ts and ingest.test.ts.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { TestEnvironment } from './support/environment';
import {
  credentialsOf,
  Operation,
  operationsOf,
  readDocument,
} from './support/openApi';
import { createRecords, Records } from './support/records';
import { exampleOf, IDLE } from './support/requests';

describe('every route', () => {
  let environment: TestEnvironment;
  let operations: Operation[];
  let token: string;
  let records: Records;
  const answered = new Set<string>();

  before(async () => {
    environment = await TestEnvironment.start();
    operations = operationsOf(await readDocument(environment));
    token = await environment.createCaller('owner');
    await environment.putApplication(IDLE);
    records = await createRecords(environment, token);
  });

  after(() => environment?.dispose());

  function send(operation: Operation, as: string, of: Records) {
    const { url, method, json } = exampleOf(operation, of);
    const isAdmin = credentialsOf(operation).includes('administrator');
    return environment.fetch(url, {
      method,
      json,
      token: isAdmin ? environment.controlKey : as,
      headers: { accept: 'application/json, text/event-stream' },
    });
  }

  /** Asserts success of a media type that the document names, and reads to the end. */
  async function assertAnswered(operation: Operation, response: Response) {
    const { key, responses } = operation;
    const text = await response.text();
    assert.equal(response.status, 200, `${key}: ${text}`);
    const [mediaType] = response.headers.get('content-type')!.split(';');
    const documented = Object.keys(responses['200'].content ?? {});
    assert.ok(documented.includes(mediaType), `${key}: ${mediaType}`);
    answered.add(key);
  }

  /** Of an extraction job that has not begun: those of the records are over. */
  async function newJob(): Promise<Records> {
    const response = await environment.fetch(
      '/document/extraction/create_job',
      { token },
    );
    const { extraction_job_id: extractionJobId } = (await response.json()) as {
      extraction_job_id: string;
    };
    return { ...records, extractionJobId };
  }

  const find = (key: string) =>
    operations.find(operation => operation.key === key)!;

  it('takes and hands out objects by the address that was signed', async () => {
    const job = await newJob();
    const register = find('POST /document/extraction/register_file');
    const response = await send(register, token, job);
    const registered = response.clone();
    await assertAnswered(register, response);
    const { upload_url: uploadUrl } = (await registered.json()) as {
      upload_url: string;
    };
    const put = await fetch(uploadUrl, { method: 'PUT', body: 'A text.' });
    await assertAnswered(find('PUT /objects/{path}'), put);

    const start = find('POST /document/extraction/start_job');
    await assertAnswered(start, await send(start, token, job));

    const status = find('POST /document/extraction/file_status');
    const { result_url: resultUrl } = (await (
      await send(status, token, records)
    ).json()) as { result_url: string };
    const { key } = find('GET /objects/{path}');
    const object = await fetch(resultUrl);
    assert.equal(object.status, 200);
    assert.ok((await object.text()).length > 0);
    answered.add(key);
  });

  it('takes files in a form', async () => {
    const body = new FormData();
    body.append('files', new Blob(['A text.']), 'text.txt');
    const init = { method: 'POST', token, body };
    const ingest = find('POST /document/ingest');
    const response = await environment.fetch(ingest.path, init);
    await assertAnswered(ingest, response);
  });

  it('answers 200 to its example', async () => {
    for (const operation of operations) {
      if (operation.method === 'DELETE' || answered.has(operation.key))
        continue;
      const response = await send(operation, token, records);
      await assertAnswered(operation, response);
    }
  });

  it('deletes, and the record is gone', async () => {
    const deleting = operations.filter(({ method }) => method === 'DELETE');
    for (const [at, operation] of deleting.entries()) {
      const other = await environment.createCaller(`deletes-${at}`);
      const own = await createRecords(environment, other);
      await assertAnswered(operation, await send(operation, other, own));
      const again = await send(operation, other, own);
      assert.equal(again.status, 404, operation.key);
    }
  });

  it('has been answered', () => {
    assert.deepEqual(
      [...answered].sort(),
      operations.map(({ key }) => key).sort(),
    );
    assert.deepEqual(environment.errors(), []);
  });
});

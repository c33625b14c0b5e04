import assert from 'node:assert/strict';
import { waitFor } from '../../e2e/support/waitFor';
import type { TestEnvironment } from './environment';

/** Ids of one of everything that an application can have. */
export type Records = {
  extractionJobId: string;
  chunkingJobId: string;
  ingestId: string;
  storeId: string;
  indexId: string;
  vectorizeJobId: string;
  invocationId: string;
  template: string;
  fileName: string;
};

/** Ids of the right form that nothing has. */
export const UNKNOWN_RECORDS: Records = {
  extractionJobId: '00000000-0000-4000-8000-000000000001',
  chunkingJobId: '00000000-0000-4000-8000-000000000002',
  ingestId: '00000000-0000-4000-8000-000000000003',
  storeId: '00000000-0000-4000-8000-000000000004',
  indexId: '00000000-0000-4000-8000-000000000005',
  vectorizeJobId: '00000000-0000-4000-8000-000000000006',
  invocationId: '00000000-0000-4000-8000-000000000007',
  template: 'unknown',
  fileName: 'unknown.txt',
};

export const HANDBOOK =
  'Employees have thirty days of leave a year. Leave is asked for in the portal. ' +
  'The office in Lisbon opens at nine. Visitors sign in at the desk.';

/** Makes one of everything and waits until it is done. */
export async function createRecords(
  environment: TestEnvironment,
  token: string,
): Promise<Records> {
  const call = async (path: string, json?: unknown, body?: FormData) => {
    const method = json === undefined && !body ? 'GET' : 'POST';
    const init = { method, token, json, body };
    const response = await environment.fetch(path, init);
    assert.equal(
      response.status,
      200,
      `${path}: ${await response.clone().text()}`,
    );
    return response.json() as Promise<Record<string, any>>;
  };
  const store = await call('/vector/store/create', {
    store_name: 'handbooks',
    store_type: 'local',
  });
  const index = await call('/vector/store/index/create', {
    store_id: store.store_id,
    index_name: 'handbook',
  });
  const form = new FormData();
  form.set('index_id', index.index_id);
  form.append('files', new Blob([HANDBOOK]), 'handbook.txt');
  const { ingest_id: ingestId } = await call(
    '/document/ingest',
    undefined,
    form,
  );
  const ingest = await waitFor({
    what: 'the ingest to complete',
    timeoutMs: 60_000,
    ask: async () => {
      const answer = await call(`/document/ingest/${ingestId}`);
      return answer.status !== 'STARTED' && answer;
    },
  });
  assert.equal(ingest.status, 'COMPLETED', JSON.stringify(ingest));

  await call('/prompt/template/save', {
    name: 'greeting',
    prompt_template: 'Greet {name}.',
  });
  await call('/prompt/template/label', {
    name: 'greeting',
    label: 'production',
    version: 1,
  });
  const asked = await call('/model/async_invoke', {
    model_name: 'local.extractive',
    prompt: HANDBOOK,
  });
  return {
    extractionJobId: ingest.extraction_job_id,
    chunkingJobId: ingest.chunking_job_id,
    ingestId,
    storeId: store.store_id,
    indexId: index.index_id,
    vectorizeJobId: ingest.vectorize_job_id,
    invocationId: asked.invocation_id,
    template: 'greeting',
    fileName: 'handbook.txt',
  };
}

import type { Operation } from './openApi';
import type { Records } from './records';

/** An application that nobody calls with, so that it can be switched off. */
export const IDLE = 'idle';

const TEXT_MODEL = 'local.extractive';
const EMBEDDING_MODEL = 'local.embedding';
const MESSAGES = [{ role: 'user', content: 'Greet the guests of today.' }];

type Body = (records: Records) => object;

/** A good JSON body for each route that takes one. */
const BODIES: Record<string, Body> = {
  'POST /model/invoke': invocation,
  'POST /model/async_invoke': invocation,
  'POST /model/invoke_with_raw_input': () => ({
    model_id: TEXT_MODEL,
    raw_input: { messages: MESSAGES },
  }),
  'POST /model/embed': () => ({
    model_name: EMBEDDING_MODEL,
    input_text: 'Hi',
  }),
  'POST /v1/chat/completions': ({ template }) => ({
    model: TEXT_MODEL,
    messages: MESSAGES,
    prompt_template: reference(template),
  }),
  'POST /v1/embeddings': () => ({ model: EMBEDDING_MODEL, input: ['Hi'] }),
  'POST /v1/messages': ({ template }) => ({
    model: TEXT_MODEL,
    max_tokens: 100,
    messages: MESSAGES,
    prompt_template: reference(template),
  }),
  'POST /v1/answers': ({ indexId }) => ({
    index_id: indexId,
    question: 'How many days of leave are there?',
  }),
  'POST /document/extraction/register_file': ({ extractionJobId }) => ({
    extraction_job_id: extractionJobId,
    file_name: 'second.txt',
  }),
  'POST /document/extraction/start_job': ({ extractionJobId }) => ({
    extraction_job_id: extractionJobId,
  }),
  'POST /document/extraction/file_status': ({ extractionJobId, fileName }) => ({
    extraction_job_id: extractionJobId,
    file_name: fileName,
  }),
  'POST /document/chunking/create_job': ({ extractionJobId }) => ({
    extraction_job_id: extractionJobId,
    chunking_strategy: 'recursive',
    chunking_params: { chunk_size: 100, chunk_overlap: 10 },
  }),
  'POST /document/chunking/chunk_file_url': ({ chunkingJobId, fileName }) => ({
    chunking_job_id: chunkingJobId,
    file_name: fileName,
  }),
  'POST /vector/store/create': () => ({
    store_name: 'another',
    store_type: 'local',
  }),
  'POST /vector/store/status': ({ storeId }) => ({ store_id: storeId }),
  'POST /vector/store/index/create': ({ storeId }) => ({
    store_id: storeId,
    index_name: 'another',
  }),
  'POST /vector/store/index/status': ({ indexId }) => ({ index_id: indexId }),
  'POST /vector/store/index/documents/delete': ({ indexId }) => ({
    index_id: indexId,
    file_name: 'no-such-file.txt',
  }),
  'POST /vector/store/vectorize': ({ chunkingJobId, indexId }) => ({
    chunking_job_id: chunkingJobId,
    index_id: indexId,
  }),
  'POST /vector/search': ({ indexId }) => ({
    index_id: indexId,
    query: 'leave',
  }),
  'POST /prompt/template/save': () => ({
    name: 'farewell',
    prompt_template: 'Say goodbye to {name}.',
  }),
  'POST /prompt/template/get': byName,
  'POST /prompt/template/versions': byName,
  'POST /prompt/template/labels': byName,
  'POST /prompt/template/version': ({ template }) => ({
    name: template,
    vnum: 1,
  }),
  'POST /prompt/template/label': ({ template }) => ({
    name: template,
    label: 'staging',
    version: 1,
  }),
  'POST /prompt/template/render': ({ template }) => reference(template),
  'POST /admin/platform/create_app_client': () => ({
    app_name: 'made',
    description: 'Made by a test.',
  }),
  'POST /admin/platform/activate_app_client': () => ({ app_id: IDLE }),
  'POST /admin/platform/deactivate_app_client': () => ({ app_id: IDLE }),
  'POST /admin/metrics/invocations': metrics,
  'POST /admin/metrics/extraction-jobs': metrics,
  'POST /admin/metrics/chunking-jobs': metrics,
  'POST /admin/metrics/vectorization-jobs': metrics,
  'POST /admin/metrics/vector-stores': metrics,
  'POST /admin/metrics/vector-indexes': ({ storeId }) => ({
    vector_store_id: storeId,
  }),
  'PUT /admin/limits': () => ({ tokens_per_day: 1_000_000_000 }),
  'PUT /admin/limits/{client_id}': () => ({ tokens_per_day: 1_000_000_000 }),
  'POST /mcp': () => ({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
};

/** What stands in the place of each parameter of a path, by the path's beginning. */
const PATHS: Array<[prefix: string, values: (records: Records) => string]> = [
  ['/model/async_output/', ({ invocationId }) => invocationId],
  ['/v1/models/', () => TEXT_MODEL],
  ['/objects/', () => 'unsigned'],
  ['/document/extraction/', ({ extractionJobId }) => extractionJobId],
  ['/document/chunking/', ({ chunkingJobId }) => chunkingJobId],
  ['/document/ingest/', ({ ingestId }) => ingestId],
  ['/vector/store/index/', ({ indexId }) => indexId],
  ['/vector/store/', ({ storeId }) => storeId],
  ['/vector/job/', ({ vectorizeJobId }) => vectorizeJobId],
  ['/admin/', () => 'owner'],
];

const QUERIES: Record<string, (records: Records) => Record<string, string>> = {
  'DELETE /prompt/template': byName,
  'DELETE /prompt/template/label': ({ template }) => ({
    name: template,
    label: 'production',
  }),
};

/** A request that its application is answered well, or is told that a record is missing. */
export type ExampleRequest = {
  url: string;
  method: string;
  parameter?: string;
  query: Record<string, string>;
  json?: object;
};

/** @throws Error for a route that has no example here */
export function exampleOf(
  { key, method, path, requestBody, parameters = [] }: Operation,
  records: Records,
): ExampleRequest {
  const body = BODIES[key];
  if (requestBody?.content['application/json'] && !body) {
    throw new Error(`Add a body of ${key} to ${__filename}.`);
  }
  const query = QUERIES[key]?.(records) ?? {};
  const missing = parameters.find(
    each => each.in === 'query' && each.required && !query[each.name],
  );
  if (missing) throw new Error(`Add a query of ${key} to ${__filename}.`);
  const parameter = path.includes('{') ? parameterOf(path, records) : undefined;
  const address = path.replace(/\{\w+\}/, () => encodeURIComponent(parameter!));
  const search = new URLSearchParams(query).toString();
  return {
    url: search ? `${address}?${search}` : address,
    method,
    parameter,
    query,
    json: body?.(records),
  };
}

function parameterOf(path: string, records: Records): string {
  const found = PATHS.find(([prefix]) => path.startsWith(prefix));
  if (!found) throw new Error(`Add the parameter of ${path} to ${__filename}.`);
  return found[1](records);
}

function invocation({ template }: Records) {
  return { model_name: TEXT_MODEL, prompt_template: reference(template) };
}

function reference(template: string) {
  return { name: template, variables: { name: 'Ada' } };
}

function byName({ template }: Records) {
  return { name: template };
}

function metrics() {
  return { app_id: 'owner', start_date: '2026-01-01', end_date: '2026-12-31' };
}

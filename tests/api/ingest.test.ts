/**
 * From files to answers in one call each, over REST and MCP, with files among them that
 * cannot be read; and then everything is deleted again.
 */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  docx,
  makeDocx,
  makePdf,
  makeXlsx,
  makeZipBomb,
  PNG,
  readScan,
} from '../../services/document-processing/src/testing/fixtures';
import { TestEnvironment } from './support/environment';
import { readEvents } from './support/events';
import { HANDBOOK } from './support/records';

/** What cannot be read, and what is said about it. */
const BROKEN: Record<string, RegExp> = {
  'corrupt.pdf': /damaged/i,
  'encrypted.pdf': /password|encrypted/i,
  'empty.txt': /empty/i,
  'mislabelled.pdf': /image|PNG|is no PDF/i,
  'bomb.docx': /unpack|too large|larger/i,
  'bomb.xlsx': /unpack|too large|larger/i,
  'blank.png': /no text/i,
};

const QUESTION = 'How many days of leave do employees have?';

type Ingest = {
  ingest_id: string;
  status: string;
  step: string;
  completed_file_count: number;
  failed_file_count: number;
  extraction_job_id: string;
  chunking_job_id: string;
  vectorize_job_id: string;
  files: Array<{ file_name: string; status: string; reason?: string }>;
};

type Citation = { file_name: string; page_number?: number; chunk_id: string };

describe('ingest in one call', () => {
  let environment: TestEnvironment;
  let token: string;
  let storeId: string;
  let indexId: string;
  let progress: Ingest[];

  async function call<T>(
    path: string,
    init: { method?: string; json?: unknown; body?: FormData } = {},
  ): Promise<T> {
    const sends = init.json !== undefined || init.body;
    const method = init.method ?? (sends ? 'POST' : 'GET');
    const response = await environment.fetch(path, { ...init, method, token });
    const text = await response.text();
    assert.equal(response.status, 200, `${method} ${path}: ${text}`);
    return JSON.parse(text) as T;
  }

  before(async () => {
    environment = await TestEnvironment.start();
    token = await environment.createCaller('owner');
    ({ store_id: storeId } = await call<{ store_id: string }>(
      '/vector/store/create',
      { json: { store_name: 'handbooks', store_type: 'local' } },
    ));
    ({ index_id: indexId } = await call<{ index_id: string }>(
      '/vector/store/index/create',
      { json: { store_id: storeId, index_name: 'handbook' } },
    ));
    progress = await follow(await ingest(await makeFiles()));
  });

  after(() => environment?.dispose());

  function ingest(files: Record<string, string | Buffer>): Promise<Ingest> {
    const form = new FormData();
    form.set('index_id', indexId);
    form.set('chunking_strategy', 'page');
    for (const [name, content] of Object.entries(files)) {
      form.append(
        'files',
        new Blob([new Uint8Array(Buffer.from(content))]),
        name,
      );
    }
    return call<Ingest>('/document/ingest', { body: form });
  }

  /** Every state that the stream of its events told, to its end. */
  async function follow({ ingest_id: id }: Ingest): Promise<Ingest[]> {
    const response = await environment.fetch(`/document/ingest/${id}/events`, {
      token,
    });
    assert.match(response.headers.get('content-type')!, /^text\/event-stream/);
    const states: Ingest[] = [];
    for await (const { event, data } of readEvents(response)) {
      assert.equal(event, 'progress');
      states.push(JSON.parse(data));
    }
    return states;
  }

  it('tells its progress, and completes what can be read', () => {
    const end = progress.at(-1)!;
    assert.equal(end.status, 'COMPLETED_WITH_ERRORS', JSON.stringify(end));
    assert.equal(end.step, 'vectorization');
    assert.ok(progress.length > 1);
    assert.ok(progress.slice(0, -1).every(each => each.status === 'STARTED'));
    assert.equal(end.completed_file_count, 5);
    assert.equal(end.failed_file_count, Object.keys(BROKEN).length);
  });

  it('says of each file that failed why', () => {
    const failed = progress
      .at(-1)!
      .files.filter(({ status }) => status === 'FAILED');
    assert.deepEqual(
      failed.map(file => file.file_name).sort(),
      Object.keys(BROKEN).sort(),
    );
    for (const { file_name: name, reason } of failed) {
      assert.match(reason ?? '', BROKEN[name], `${name}: ${reason}`);
    }
  });

  it('answers a question with citations of file, page and chunk', async () => {
    const { answer, citations } = await call<{
      answer: string;
      citations: Citation[];
    }>('/v1/answers', { json: { index_id: indexId, question: QUESTION } });
    assert.match(answer, /thirty days of leave/);
    const [{ file_name: name, page_number: page, chunk_id: chunk }] = citations;
    assert.equal(name, 'handbook.pdf');
    assert.equal(page, 2);
    assert.ok(chunk);
  });

  it('streams the answer', async () => {
    const response = await environment.fetch('/v1/answers', {
      method: 'POST',
      token,
      json: { index_id: indexId, question: QUESTION, stream: true },
    });
    const events = [];
    for await (const { data } of readEvents(response)) {
      events.push(JSON.parse(data));
    }
    const end = events.pop();
    assert.equal(end.type, 'finish');
    assert.ok(events.length > 0);
    assert.equal(events.map(({ text }) => text).join(''), end.answer);
    assert.equal(end.citations[0].file_name, 'handbook.pdf');
  });

  it('finds by words, vectors and filter', async () => {
    const search = async (more: object) => {
      const json = { index_id: indexId, query: 'Lisbon office', ...more };
      const found = await call<Citation[]>('/vector/search', { json });
      return found.map(({ file_name: name }) => name);
    };
    assert.equal((await search({ mode: 'hybrid' }))[0], 'offices.docx');
    assert.equal((await search({ mode: 'vector', top_k: 1 })).length, 1);
    const filter = { file_name: { $eq: 'visitors.csv' } };
    const filtered = await search({ filter });
    assert.deepEqual([...new Set(filtered)], ['visitors.csv']);
  });

  it('is reached by MCP clients', async () => {
    await call('/prompt/template/save', {
      json: { name: 'greeting', prompt_template: 'Greet {name}.' },
    });
    const client = new Client({ name: 'test', version: '1.0.0' });
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`${environment.url}/mcp`), {
        requestInit: { headers: { authorization: `Bearer ${token}` } },
      }),
    );
    const { tools } = await client.listTools();
    assert.deepEqual(tools.map(({ name }) => name).sort(), [
      'answer',
      'list_prompts',
      'render_prompt',
      'search',
    ]);
    const found = await client.callTool({
      name: 'search',
      arguments: { index_id: indexId, query: QUESTION },
    });
    assert.match(JSON.stringify(found.content), /handbook\.pdf/);
    const answered = await client.callTool({
      name: 'answer',
      arguments: { index_id: indexId, question: QUESTION },
    });
    assert.match(JSON.stringify(answered.content), /thirty days of leave/);
    const { prompts } = await client.listPrompts();
    assert.deepEqual(
      prompts.map(({ name }) => name),
      ['greeting'],
    );
    const { messages } = await client.getPrompt({
      name: 'greeting',
      arguments: { name: 'Ada' },
    });
    assert.match(JSON.stringify(messages), /Greet Ada\./);
    const wrong = await client.callTool({
      name: 'search',
      arguments: { index_id: 'unknown', query: QUESTION },
    });
    assert.equal(wrong.isError, true);
    await client.close();
  });

  it('is deleted, part by part', async () => {
    const end = progress.at(-1)!;
    const documents = { index_id: indexId, file_name: 'handbook.pdf' };
    await call('/vector/store/index/documents/delete', { json: documents });
    const search = { index_id: indexId, query: QUESTION };
    const left = await call<Citation[]>('/vector/search', { json: search });
    assert.ok(left.every(each => each.file_name !== 'handbook.pdf'));

    await call(`/vector/job/${end.vectorize_job_id}`, { method: 'DELETE' });
    // The jobs of an ingest go with it.
    await call(`/document/ingest/${end.ingest_id}`, { method: 'DELETE' });
    const addresses = [
      `/vector/job/status/${end.vectorize_job_id}`,
      `/document/ingest/${end.ingest_id}`,
      `/document/extraction/job_status/${end.extraction_job_id}`,
      `/document/chunking/job_status/${end.chunking_job_id}`,
    ];
    for (const address of addresses) {
      const { status } = await environment.fetch(address, { token });
      assert.equal(status, 404, address);
    }

    await call(`/vector/store/index/${indexId}`, { method: 'DELETE' });
    await call(`/vector/store/${storeId}`, { method: 'DELETE' });
    const { status } = await call<{ status: string }>('/vector/store/status', {
      json: { store_id: storeId },
    });
    assert.equal(status, 'NOT_FOUND');
    await call('/prompt/template?name=greeting', { method: 'DELETE' });
    assert.deepEqual(await call('/prompt/template/list'), {});
  });

  it('has met no error of the environment', () => {
    assert.deepEqual(environment.errors(), []);
  });
});

async function makeFiles(): Promise<Record<string, string | Buffer>> {
  const page = (text: string) => [{ text, x: 72, y: 700 }];
  const encrypted = makePdf([page('secret')], { encrypted: true });
  return {
    'handbook.pdf': makePdf([
      page('Welcome to the company'),
      page(HANDBOOK.split('. ')[0]),
    ]),
    'offices.docx': await offices(),
    'visitors.csv': 'visitor,badge\nAda,7\nGrace,8\n',
    'rooms.xlsx': await makeXlsx({
      Rooms: [
        ['room', 'seats'],
        ['Tagus', 12],
      ],
    }),
    'corrupt.pdf': makePdf([page('half')]).subarray(0, 200),
    'encrypted.pdf': encrypted,
    'empty.txt': '',
    'mislabelled.pdf': PNG,
    'bomb.docx': await makeZipBomb('word/document.xml'),
    'bomb.xlsx': await makeZipBomb('xl/workbook.xml'),
    'blank.png': PNG,
    'letter.png': readScan('letter.png'),
  };
}

function offices(): Promise<Buffer> {
  return makeDocx(
    docx.paragraph('Offices', 'Heading1') +
      docx.paragraph('The office in Lisbon opens at nine.'),
  );
}

import { DependencyError } from '@genai-environments/service-kit';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Claims, Harness, startHarness } from '../testing/harness';

const text = (value: string, pageNumber?: number) => ({
  text: value,
  ...(pageNumber === undefined ? {} : { pageNumber }),
});

describe('vector routes', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await startHarness();
  });
  afterEach(() => harness.close());

  const post = (url: string, payload: object, claims?: Claims) =>
    harness.call('POST', url, { payload, claims });
  const get = (url: string, claims?: Claims) =>
    harness.call('GET', url, { claims });
  const remove = (url: string, claims?: Claims) =>
    harness.call('DELETE', url, { claims });
  const indexFiles = () =>
    readdirSync(join(harness.dataDirectory, 'vectors')).filter(name =>
      name.endsWith('.sqlite'),
    );
  const guide = () =>
    harness.chunks.put('chunks-1', {
      'guide.pdf': [
        text('The bridge over the river was built in 1901.', 1),
        text('An invoice is due in 30 days; tax is added.', 2),
        text(' \n ', 2),
        text('The cat sleeps in the sun.', 3),
      ],
      'notes.txt': [text('Rain fell on the dog.')],
    });

  it('goes the classic way from a store to an answer of the search', async () => {
    guide();
    const store = await post('/vector/store/create', {
      store_name: 'docs',
      store_type: 'opensearchserverless',
      description: 'All documents',
      tags: [{ key: 'team', value: 'a' }],
    });
    expect(store).toMatchObject({
      status: 200,
      json: {
        store_id: expect.any(String),
        store_name: 'docs',
        store_type: 'opensearchserverless',
        message: expect.stringContaining('local index'),
      },
    });
    const { store_id } = store.json;
    expect((await post('/vector/store/status', { store_id })).json).toEqual({
      store_id,
      status: 'ACTIVE',
    });
    const index = await post('/vector/store/index/create', {
      store_id,
      index_name: 'main',
    });
    expect(index).toMatchObject({
      status: 200,
      json: {
        index_name: 'main',
        store_id,
        store_type: 'opensearchserverless',
        message: expect.stringContaining('local index'),
      },
    });
    const { index_id } = index.json;
    expect(
      (await post('/vector/store/index/status', { index_id })).json,
    ).toEqual({ index_id, status: 'ACTIVE' });

    const query = { query: 'Which river has a bridge?', index_id };
    expect((await post('/vector/search', query)).json).toEqual([]);
    const job = await harness.vectorize({
      chunking_job_id: 'chunks-1',
      index_id,
    });
    expect(job).toMatchObject({
      vector_store_id: store_id,
      index_id,
      chunking_job_id: 'chunks-1',
      total_file_count: 2,
      completed_file_count: 2,
      failed_file_count: 0,
      status: 'COMPLETED',
    });
    expect((await get('/vector/jobs/list')).json).toEqual([job]);
    expect(
      (await get(`/vector/job/files/${job.vectorize_job_id}`)).json,
    ).toEqual([
      { file_name: 'guide.pdf', status: 'COMPLETED', chunk_count: 3 },
      { file_name: 'notes.txt', status: 'COMPLETED', chunk_count: 1 },
    ]);

    const found = await post('/vector/search', query);
    expect(found.status).toBe(200);
    expect(found.json).toHaveLength(4);
    expect(found.json[0]).toEqual({
      text: 'The bridge over the river was built in 1901.',
      score: expect.closeTo(1, 1),
      file_name: 'guide.pdf',
      page_number: 1,
      chunk_id: expect.stringMatching(/^[\w-]{32}$/),
    });
    expect((await get(`/vector/store/${store_id}/indexes`)).json).toMatchObject(
      [{ index_id, index_name: 'main', model_name: 'words', dimension: 9 }],
    );
    const stores = await post('/vector/stores/list', {});
    expect(stores.json).toMatchObject([
      { store_id, tags: [{ key: 'team', value: 'a' }], status: 'ACTIVE' },
    ]);
  });

  it('lists stores without a body, as classic clients do', async () => {
    const answer = await harness.app.fastify.inject({
      method: 'POST',
      url: '/vector/stores/list',
      headers: {
        ...(await harness.auth.bearer()),
        'content-type': 'application/json',
      },
    });
    expect([answer.statusCode, answer.json()]).toEqual([200, []]);
  });

  it('limits, filters and fuses', async () => {
    guide();
    const { indexId: index_id } = await harness.createIndex();
    const metadata = { team: 'a' };
    await harness.vectorize({
      chunking_job_id: 'chunks-1',
      index_id,
      metadata,
    });
    const search = async (more: object) =>
      (await post('/vector/search', { query: 'cat', index_id, ...more })).json;
    expect(await search({ top_k: 1 })).toHaveLength(1);
    expect(await search({ filter: { file_name: 'notes.txt' } })).toMatchObject([
      { file_name: 'notes.txt' },
    ]);
    const pages = await search({
      filter: { page_number: { $gte: 2 }, team: 'a' },
    });
    expect(pages.map((each: any) => each.page_number).sort()).toEqual([2, 3]);
    expect(await search({ filter: { team: { $ne: 'a' } } })).toEqual([]);
    // "1901" has no part in the vectors: only words in common find it.
    const hybrid = { query: '1901', mode: 'hybrid', top_k: 1 };
    expect(await search(hybrid)).toMatchObject([
      { text: expect.stringContaining('1901') },
    ]);
  });

  it('replaces what the same chunking job added before', async () => {
    guide();
    const { indexId: index_id } = await harness.createIndex();
    const again = { chunking_job_id: 'chunks-1', index_id };
    await harness.vectorize(again);
    harness.chunks.put('chunks-1', { 'guide.pdf': [text('A dog.', 9)] });
    await harness.vectorize(again);
    const found = await post('/vector/search', {
      query: 'dog',
      index_id,
      top_k: 9,
    });
    expect(found.json.map((each: any) => each.file_name).sort()).toEqual([
      'guide.pdf',
      'notes.txt',
    ]);
  });

  it('tells why a file failed, and completes the others', async () => {
    harness.chunks.put(
      'chunks-1',
      {
        'good.txt': [text('A cat')],
        'bad.txt': [text('poison')],
        'unchunked.pdf': null,
      },
      { status: 'completed_with_errors' },
    );
    harness.embedder.fail = inputs =>
      inputs.includes('poison')
        ? new DependencyError('The model refused the text.', {
            kind: 'failed',
            retryable: false,
          })
        : undefined;
    const { indexId: index_id } = await harness.createIndex();
    const job = await harness.vectorize({
      chunking_job_id: 'chunks-1',
      index_id,
    });
    expect(job).toMatchObject({
      status: 'COMPLETED_WITH_ERRORS',
      total_file_count: 2,
      failed_file_count: 1,
    });
    const files = await get(`/vector/job/files/${job.vectorize_job_id}`);
    expect(files.json).toContainEqual({
      file_name: 'bad.txt',
      status: 'FAILED',
      reason: 'The model refused the text.',
    });
  });

  it('keeps an index with the model that filled it', async () => {
    guide();
    const { indexId: index_id } = await harness.createIndex();
    const payload = { chunking_job_id: 'chunks-1', index_id };
    await harness.vectorize(payload);
    harness.embedder.dimension = 5;
    const job = await harness.vectorize(payload);
    expect(job.status).toBe('FAILED');
    const files = await get(`/vector/job/files/${job.vectorize_job_id}`);
    expect(files.json[0].reason).toMatch(/9 dimensions .* ones of 5/);
    const found = await post('/vector/search', { query: 'cat', index_id });
    expect([found.status, found.json.code]).toEqual([
      409,
      'dimension_mismatch',
    ]);
  });

  it('deletes documents, jobs, indexes and stores with what is in them', async () => {
    guide();
    const { storeId, indexId: index_id } = await harness.createIndex();
    const job = await harness.vectorize({
      chunking_job_id: 'chunks-1',
      index_id,
    });
    const documents = { index_id, file_name: 'guide.pdf' };
    const url = '/vector/store/index/documents/delete';
    expect((await post(url, documents)).json).toEqual({
      index_id,
      deleted_chunks: 3,
    });
    expect((await post(url, documents)).json.deleted_chunks).toBe(0);

    const jobUrl = `/vector/job/${job.vectorize_job_id}`;
    expect((await remove(jobUrl)).status).toBe(200);
    expect((await remove(jobUrl)).status).toBe(404);
    expect(indexFiles()).toHaveLength(1);
    expect((await remove(`/vector/store/index/${index_id}`)).json).toEqual({
      index_id,
      status: 'DELETED',
    });
    expect(indexFiles()).toEqual([]);
    expect(
      (await post('/vector/store/index/status', { index_id })).json.status,
    ).toBe('NOT_FOUND_OR_READY');

    await post('/vector/store/index/create', {
      store_id: storeId,
      index_name: 'i',
    });
    expect((await remove(`/vector/store/${storeId}`)).status).toBe(200);
    expect(indexFiles()).toEqual([]);
    expect(
      (await post('/vector/store/status', { store_id: storeId })).json.status,
    ).toBe('NOT_FOUND');
  });

  it('pages when asked to', async () => {
    for (const store_name of ['a', 'b', 'c']) {
      await post('/vector/store/create', { store_name, store_type: 'local' });
    }
    const names: string[] = [];
    let cursor = '';
    do {
      const page = await post(`/vector/stores/list?limit=2${cursor}`, {});
      names.push(...page.json.map((each: any) => each.store_name));
      cursor = page.headers['x-next-cursor']
        ? `&cursor=${page.headers['x-next-cursor']}`
        : '';
    } while (cursor);
    expect(names).toEqual(['a', 'b', 'c']);
  });

  it('is up, and keeps everything over a restart', async () => {
    guide();
    const { indexId: index_id } = await harness.createIndex();
    await harness.vectorize({ chunking_job_id: 'chunks-1', index_id });
    await harness.restart();
    const found = await post('/vector/search', { query: 'cat', index_id });
    expect(found.json).toHaveLength(4);
    expect((await get('/vector/service/health')).json).toEqual({
      status: 'UP',
    });
    expect(existsSync(join(harness.dataDirectory, 'vectors'))).toBe(true);
  });
});

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Claims, Harness, startHarness } from '../testing/harness';

const text = (value: string, pageNumber?: number) => ({
  text: value,
  ...(pageNumber === undefined ? {} : { pageNumber }),
});

describe('vector routes refuse', () => {
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
  const other = { clientId: 'app-2' };
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

  it("never shows or touches another application's records", async () => {
    guide();
    const { storeId, indexId } = await harness.createIndex();
    const job = await harness.vectorize({
      chunking_job_id: 'chunks-1',
      index_id: indexId,
    });
    const jobId = job.vectorize_job_id;
    const hidden = [
      get(`/vector/store/${storeId}/indexes`, other),
      get(`/vector/job/status/${jobId}`, other),
      get(`/vector/job/files/${jobId}`, other),
      remove(`/vector/store/${storeId}`, other),
      remove(`/vector/store/index/${indexId}`, other),
      remove(`/vector/job/${jobId}`, other),
      post('/vector/search', { query: 'x', index_id: indexId }, other),
      post(
        '/vector/store/index/create',
        { store_id: storeId, index_name: 'mine' },
        other,
      ),
      post(
        '/vector/store/index/documents/delete',
        { index_id: indexId, file_name: 'guide.pdf' },
        other,
      ),
      post(
        '/vector/store/vectorize',
        { index_id: indexId, chunking_job_id: 'chunks-1' },
        other,
      ),
    ];
    for (const answer of await Promise.all(hidden)) {
      expect(answer.status).toBe(404);
      expect(answer.headers['content-type']).toMatch(
        /^application\/problem\+json/,
      );
    }
    const status = await post(
      '/vector/store/status',
      { store_id: storeId },
      other,
    );
    expect(status.json.status).toBe('NOT_FOUND');
    expect((await post('/vector/stores/list', {}, other)).json).toEqual([]);
    expect((await get('/vector/jobs/list', other)).json).toEqual([]);
    const found = await post('/vector/search', {
      query: 'cat',
      index_id: indexId,
    });
    expect(found.json).toHaveLength(4);
    // Not even their own chunks help with an index of somebody else, nor the reverse.
    const mine = await harness.createIndex(other);
    const theft = await post(
      '/vector/store/vectorize',
      { index_id: mine.indexId, chunking_job_id: 'chunks-1' },
      other,
    );
    expect([theft.status, theft.json.code]).toEqual([
      404,
      'chunking_job_not_found',
    ]);
  });

  it('refuses to start what cannot be done', async () => {
    const { indexId: index_id } = await harness.createIndex();
    harness.chunks.put('pending', {}, { status: 'pending' });
    harness.chunks.put('failed', { 'a.txt': null }, { status: 'failed' });
    for (const [chunking_job_id, status, code] of [
      ['pending', 409, 'chunking_not_finished'],
      ['failed', 400, 'nothing_to_vectorize'],
      ['unknown', 404, 'chunking_job_not_found'],
    ]) {
      const payload = { chunking_job_id, index_id };
      const answer = await post('/vector/store/vectorize', payload);
      expect([answer.status, answer.json.code]).toEqual([status, code]);
    }
    expect((await get('/vector/jobs/list')).json).toEqual([]);
  });

  it('answers 409 to a second index of the same name and leaves no file of it', async () => {
    const { storeId: store_id } = await harness.createIndex();
    const answer = await post('/vector/store/index/create', {
      store_id,
      index_name: 'i',
    });
    expect([answer.status, answer.json.code]).toEqual([
      409,
      'index_name_taken',
    ]);
    expect(indexFiles()).toHaveLength(1);
  });

  it.each([
    ['store/create', { store_name: 'x', store_type: 'redis' }, 'store_type'],
    ['store/create', { store_name: '', store_type: 'local' }, 'store_name'],
    ['store/status', {}, 'store_id'],
    ['store/index/create', { store_id: 'x' }, 'index_name'],
    ['store/index/status', { index_id: 7 }, 'index_id'],
    ['store/vectorize', { index_id: 'x' }, 'chunking_job_id'],
    ['search', { query: ' ', index_id: 'x' }, 'query'],
    ['search', { query: 'x', index_id: 'x', top_k: 0 }, 'top_k'],
    ['search', { query: 'x', index_id: 'x', mode: 'magic' }, 'mode'],
    [
      'search',
      { query: 'x', index_id: 'x', filter: { a: { $near: 1 } } },
      'filter.a.$near',
    ],
    ['store/index/documents/delete', { index_id: 'x' }, 'file_name'],
  ])('answers 422 to %s %j', async (route, payload, path) => {
    const { status, json } = await post(`/vector/${route}`, payload);
    expect(status).toBe(422);
    expect(json.issues[0].path).toBe(path);
    expect((await post('/vector/stores/list', {})).json).toEqual([]);
  });

  it('answers 400, 415 and 401 for what never reaches a schema', async () => {
    const send = async (headers: object, payload: string) => {
      const answer = await harness.app.fastify.inject({
        method: 'POST',
        url: '/vector/search',
        headers: { ...headers },
        payload,
      });
      return answer.statusCode;
    };
    const bearer = await harness.auth.bearer();
    const json = { 'content-type': 'application/json' };
    expect(await send({ ...bearer, ...json }, '{"query":')).toBe(400);
    expect(await send({ ...bearer, 'content-type': 'text/csv' }, 'a')).toBe(
      415,
    );
    expect(await send(json, '{}')).toBe(401);
  });

  it('asks for the scope of reading and of writing', async () => {
    const scopes = ['genai/vector.read', 'genai/vector.write'];
    harness.auth.directory.put({ clientId: 'app-1', enabled: true, scopes });
    const [reader, writer] = scopes.map(scope => ({ scope }));
    const store = { store_name: 's', store_type: 'local' };
    const statuses = async (claims: Claims) => [
      (await post('/vector/store/create', store, claims)).status,
      (await post('/vector/stores/list', {}, claims)).status,
      (await get('/vector/jobs/list', claims)).status,
      (await remove('/vector/store/none', claims)).status,
      (await post('/vector/search', { query: 'x', index_id: 'x' }, claims))
        .status,
    ];
    expect(await statuses(reader)).toEqual([403, 200, 200, 403, 404]);
    expect(await statuses(writer)).toEqual([200, 403, 403, 404, 403]);
  });
});

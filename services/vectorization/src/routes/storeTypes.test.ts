import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteVectorIndex } from '../adapters/local/index/SqliteVectorIndex';
import { type Harness, startHarness } from '../testing/harness';

/** An environment that keeps vectors in two places, and stores of type `local` in neither. */
describe('types of stores', () => {
  let harness: Harness;
  let directory: string;
  let vectorIndexes: Record<
    's3vectors' | 'opensearchserverless',
    SqliteVectorIndex
  >;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'store-types-'));
    const open = (name: string) =>
      new SqliteVectorIndex({ directory: join(directory, name) });
    vectorIndexes = {
      s3vectors: open('first'),
      opensearchserverless: open('second'),
    };
    harness = await startHarness({ vectorIndexes });
  });
  afterEach(async () => {
    await harness.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const createStore = (store_type?: string) =>
    harness.call('POST', '/vector/store/create', {
      payload: { store_name: 's', store_type },
    });
  async function createIndex(store_id: string): Promise<string> {
    const { json } = await harness.call('POST', '/vector/store/index/create', {
      payload: { store_id, index_name: 'i' },
    });
    return json.index_id;
  }

  it('refuses one that is not there, says which are, and stores nothing', async () => {
    const answer = await createStore('local');
    expect(answer).toMatchObject({
      status: 400,
      json: {
        code: 'store_type_unavailable',
        detail: expect.stringContaining(
          'Available: "s3vectors", "opensearchserverless".',
        ),
      },
    });
    expect(answer.headers['content-type']).toContain(
      'application/problem+json',
    );
    const { json } = await harness.call('POST', '/vector/stores/list');
    expect(json).toEqual([]);
  });

  it('takes the first one when none is named', async () => {
    const { json } = await createStore();
    expect(json).toMatchObject({
      store_type: 's3vectors',
      message: expect.stringContaining('the local index'),
    });
  });

  it('keeps vectors where the type of the store says', async () => {
    harness.chunks.put('chunks-1', { 'a.txt': [{ text: 'A cat' }] });
    const ids: string[] = [];
    for (const type of ['s3vectors', 'opensearchserverless']) {
      const indexId = await createIndex(
        (
          await createStore(type)
        ).json.store_id,
      );
      ids.push(indexId);
      await harness.vectorize({
        chunking_job_id: 'chunks-1',
        index_id: indexId,
      });
      const { json } = await harness.call('POST', '/vector/search', {
        payload: { query: 'cat', index_id: indexId },
      });
      expect(json).toMatchObject([{ text: 'A cat' }]);
    }
    const { s3vectors, opensearchserverless } = vectorIndexes;
    expect(await s3vectors.count(ids[0])).toBe(1);
    expect(await opensearchserverless.count(ids[1])).toBe(1);
    await expect(opensearchserverless.count(ids[0])).rejects.toThrow();

    const url = `/vector/store/index/${ids[0]}`;
    expect((await harness.call('DELETE', url)).status).toBe(200);
    await expect(s3vectors.count(ids[0])).rejects.toThrow();
  });

  it('answers 503 for a store that is out of reach, and removes it once it is back', async () => {
    const store = await createStore('s3vectors');
    const indexId = await createIndex(store.json.store_id);
    harness.chunks.put('chunks-1', { 'a.txt': [{ text: 'A cat' }] });
    await harness.vectorize({ chunking_job_id: 'chunks-1', index_id: indexId });

    const { s3vectors } = vectorIndexes;
    delete (vectorIndexes as Partial<typeof vectorIndexes>).s3vectors;
    await harness.restart();
    const search = await harness.call('POST', '/vector/search', {
      payload: { query: 'cat', index_id: indexId },
    });
    expect(search).toMatchObject({
      status: 503,
      json: { code: 'store_type_unavailable' },
    });
    const url = `/vector/store/${store.json.store_id}`;
    expect((await harness.call('DELETE', url)).status).toBe(200);
    expect(await s3vectors.count(indexId)).toBe(1);

    vectorIndexes.s3vectors = s3vectors;
    await harness.restart();
    await expect(s3vectors.count(indexId)).rejects.toMatchObject({
      code: 'index_not_found',
    });
  });
});

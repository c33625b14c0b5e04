import { createLogger, DependencyError } from '@genai-environments/service-kit';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openVectorizationDatabase } from '../adapters/local/database';
import { SqliteVectorStoreRepository } from '../adapters/local/SqliteVectorStoreRepository';
import type { VectorIndex } from '../ports/VectorIndex';
import { VectorIndexes } from './VectorIndexes';
import { VectorStores } from './VectorStores';

describe('removing what a store of vectors does not let go', () => {
  let directory: string;
  let database: DatabaseSync;
  let repository: SqliteVectorStoreRepository;
  let stores: VectorStores;
  let log: string[];
  /** Indexes that it refuses to drop, and those that it dropped. */
  let refused: Set<string>;
  let dropped: string[];
  let storeId: string;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'vector-stores-'));
    database = openVectorizationDatabase({ dataDirectory: directory });
    repository = new SqliteVectorStoreRepository({ database });
    log = [];
    refused = new Set();
    dropped = [];
    const index = {
      async create() {},
      async drop(indexId: string) {
        if (refused.has(indexId)) {
          throw new DependencyError('It answers 403.', {
            kind: 'failed',
            retryable: false,
          });
        }
        dropped.push(indexId);
      },
    } as unknown as VectorIndex;
    const ids = ['store', 'one', 'two', 'three'];
    stores = new VectorStores({
      repository,
      indexes: new VectorIndexes([['local', index]]),
      clock: { now: () => 1 },
      newId: () => ids.shift()!,
      logger: createLogger({ destination: { write: line => log.push(line) } }),
    });
    storeId = (await stores.create('a', { name: 's', tags: [] })).id;
    for (const name of ['one', 'two', 'three']) {
      await stores.createIndex('a', { storeId, name });
    }
  });
  afterEach(() => {
    database.close();
    rmSync(directory, { recursive: true });
  });

  const pending = async () =>
    (await repository.listPendingRemovals()).map(({ indexId }) => indexId);

  it('has removed an index once its record is gone, and notes the rest', async () => {
    refused.add('one');
    await stores.removeIndex('a', 'one');
    expect(await stores.findIndex('a', 'one')).toBeUndefined();
    expect(await pending()).toEqual(['one']);
    expect(log).toHaveLength(1);
    expect(JSON.parse(log[0])).toMatchObject({
      ids: ['one'],
      err: { message: 'It answers 403.' },
    });
    await expect(stores.removeIndex('a', 'one')).rejects.toMatchObject({
      code: 'index_not_found',
    });
  });

  it('removes the others of a store, and tells the log in one line', async () => {
    refused.add('one').add('two');
    await stores.remove('a', storeId);
    expect(dropped).toEqual(['three']);
    expect((await pending()).sort()).toEqual(['one', 'two']);
    expect(log).toHaveLength(1);
    expect(JSON.parse(log[0])).toMatchObject({ failures: 2 });
  });

  it('takes removals up one by one, until all have ended', async () => {
    refused.add('one').add('two');
    await stores.remove('a', storeId);
    refused.delete('two');
    await stores.resume();
    expect(await pending()).toEqual(['one']);
    expect(log).toHaveLength(2);
    refused.clear();
    await stores.resume();
    expect(await pending()).toEqual([]);
    expect(dropped).toEqual(['three', 'two', 'one']);
    expect(log).toHaveLength(2);
  });

  it('begins with no other once it is told to end', async () => {
    refused.add('one').add('two').add('three');
    await stores.remove('a', storeId);
    refused.clear();
    await stores.resume({ signal: AbortSignal.abort() });
    expect(dropped).toEqual([]);
  });
});

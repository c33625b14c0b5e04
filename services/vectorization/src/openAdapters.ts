import {
  type Clock,
  type Queue,
  SqliteQueue,
} from '@genai-environments/service-kit';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { createSqliteRepositories } from './adapters/local/createSqliteRepositories';
import { openVectorizationDatabase } from './adapters/local/database';
import { openVectorIndex } from './adapters/local/index/openVectorIndex';
import { VectorIndexes } from './domain/VectorIndexes';
import type { VectorizeMessage } from './domain/VectorizeJob';
import { STORE_TYPES, type StoreType } from './domain/VectorStore';
import type { VectorIndex } from './ports/VectorIndex';
import type { VectorizationRepositories } from './ports/VectorizationRepositories';

export const QUEUE_NAME = 'vectorization';

/** What keeps records, work and vectors; the local adapters where nothing is given. */
export type AdapterOptions = {
  /**
   * Keeps `vectorization.sqlite` and one file per index below `vectors/`. Needed unless
   * everything below is given.
   */
  dataDirectory?: string;
  repositories?: VectorizationRepositories;
  queue?: Queue<VectorizeMessage>;
  /**
   * By type of store; the first one is for stores whose type nobody names. They are closed
   * with the service. Default: the local index, for stores of every type.
   */
  vectorIndexes?: Partial<Record<StoreType, VectorIndex>>;
  /**
   * JavaScript file of `vectorIndexThread.ts`. With it, local indexes are read and written in a
   * thread of their own; without it, in this one, which then waits for each search.
   */
  indexThread?: string;
  /** What the codes of local indexes may take in memory; default 256 MiB. */
  maxIndexCacheBytes?: number;
};

export type Adapters = {
  repositories: VectorizationRepositories;
  queue: Queue<VectorizeMessage>;
  indexes: VectorIndexes;
  /** Closes the indexes, and the database that was opened here. */
  close(): Promise<void>;
};

export function openAdapters(
  options: AdapterOptions & { clock: Clock },
): Adapters {
  const { clock } = options;
  let database: DatabaseSync | undefined;
  const open = () => {
    database ??= openVectorizationDatabase({
      dataDirectory: directoryOf(options),
    });
    return database;
  };
  const indexes = openIndexes(options);
  return {
    repositories:
      options.repositories ?? createSqliteRepositories({ database: open() }),
    queue:
      options.queue ??
      new SqliteQueue({ database: open(), name: QUEUE_NAME, clock }),
    indexes,
    async close() {
      await indexes.close();
      database?.close();
    },
  };
}

function openIndexes(options: AdapterOptions): VectorIndexes {
  const { vectorIndexes } = options;
  if (vectorIndexes) {
    return new VectorIndexes(
      Object.entries(vectorIndexes) as Array<[StoreType, VectorIndex]>,
    );
  }
  const local = openVectorIndex({
    directory: join(directoryOf(options), 'vectors'),
    maxCachedBytes: options.maxIndexCacheBytes,
    thread: options.indexThread,
  });
  return new VectorIndexes([
    ['local', local],
    ...STORE_TYPES.map(type => [type, local] as const),
  ]);
}

function directoryOf({ dataDirectory }: AdapterOptions): string {
  if (dataDirectory !== undefined) return dataDirectory;
  throw new Error(
    'Vectorization needs a dataDirectory unless repositories, queue and vectorIndexes are given.',
  );
}

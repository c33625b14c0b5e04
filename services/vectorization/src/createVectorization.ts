import {
  Clock,
  IdGenerator,
  Logger,
  QueueWorker,
  randomId,
  ServiceDefinition,
  SqliteQueue,
  systemClock,
  Worker,
} from '@genai-environments/service-kit';
import { join } from 'node:path';
import { openVectorizationDatabase } from './adapters/local/database';
import { openVectorIndex } from './adapters/local/index/openVectorIndex';
import { SqliteVectorizeJobRepository } from './adapters/local/SqliteVectorizeJobRepository';
import { SqliteVectorStoreRepository } from './adapters/local/SqliteVectorStoreRepository';
import { Answers } from './domain/answers/Answers';
import type { DocumentMetadata, FoundChunk } from './domain/Chunk';
import { FileVectorizer } from './domain/FileVectorizer';
import { parseFilter } from './domain/filter';
import { createMetrics, type VectorizationMetrics } from './domain/Metrics';
import { Search, SearchMode } from './domain/Search';
import type { VectorizeJob, VectorizeMessage } from './domain/VectorizeJob';
import { VectorizeJobs } from './domain/VectorizeJobs';
import { VectorStores } from './domain/VectorStores';
import { createVectorService } from './plugin';
import type { AnswerModel } from './ports/AnswerModel';
import { createVectorizer, type Vectorizer } from './domain/Vectorizer';
import type { ChunkSource } from './ports/ChunkSource';
import type { Embedder } from './ports/Embedder';

export type VectorizationOptions = {
  /** Keeps `vectorization.sqlite` and one file per index below `vectors/`. */
  dataDirectory: string;
  /** Where the chunks of a vectorization job come from. */
  chunks: ChunkSource;
  embedder: Embedder;
  /** Absent: `POST /v1/answers` says that there is no model. */
  answerModel?: AnswerModel;
  logger: Logger;
  clock?: Clock;
  newId?: IdGenerator;
  /**
   * JavaScript file of `vectorIndexThread.ts`. With it, indexes are read and written in a
   * thread of their own; without it, in this one, which then waits for each search.
   */
  indexThread?: string;
  /** What the codes of indexes may take in memory; default 256 MiB. */
  maxIndexCacheBytes?: number;
  /** Files that are worked on at the same time; default 2. */
  workerConcurrency?: number;
};

export type Vectorization = {
  service: ServiceDefinition;
  workers: Worker[];
  stores: VectorStores;
  jobs: VectorizeJobs;
  /** For ingestion: starts jobs and watches them. */
  vectorizer: Vectorizer;
  /** Absent as `answerModel` is. */
  answers?: Answers;
  /** For administration: what applications keep and did. */
  metrics: VectorizationMetrics;
  /** Best first. @throws NotFoundError, SchemaViolationError (filter) */
  search(
    clientId: string,
    request: {
      indexId: string;
      query: string;
      topK?: number;
      mode?: SearchMode;
      /** As callers write it: `{"file_name": "a.pdf"}`. */
      filter?: Record<string, unknown>;
    },
  ): Promise<FoundChunk[]>;
  /** @throws NotFoundError, ConflictError, InvalidInputError */
  startJob(
    clientId: string,
    request: {
      chunkingJobId: string;
      indexId: string;
      metadata?: DocumentMetadata;
    },
  ): Promise<VectorizeJob>;
  /** The same as `service.close`; close the workers first. Safe to call twice. */
  close(): Promise<void>;
};

/** Builds the service on its local adapters. */
export function createVectorization(
  options: VectorizationOptions,
): Vectorization {
  const { chunks, embedder, answerModel } = options;
  const { clock = systemClock, newId = randomId } = options;
  const database = openVectorizationDatabase(options);
  const vectors = openVectorIndex({
    directory: join(options.dataDirectory, 'vectors'),
    maxCachedBytes: options.maxIndexCacheBytes,
    thread: options.indexThread,
  });
  const records = new SqliteVectorStoreRepository({ database });
  const jobRecords = new SqliteVectorizeJobRepository({ database });
  const name = 'vectorization';
  const queue = new SqliteQueue<VectorizeMessage>({ database, name, clock });

  const stores = new VectorStores({
    repository: records,
    vectors,
    clock,
    newId,
  });
  const jobs = new VectorizeJobs({
    repository: jobRecords,
    stores,
    chunks,
    queue,
    clock,
    newId,
  });
  const search = new Search({ stores, vectors, embedder });
  const answers = answerModel && new Answers({ search, model: answerModel });
  const files = new FileVectorizer({
    jobs: jobRecords,
    stores: records,
    vectors,
    chunks,
    embedder,
    clock,
  });
  const worker = new QueueWorker({
    name,
    queue,
    concurrency: options.workerConcurrency ?? 2,
    handle: (message, context) => files.handle(message, context),
    onPoison: (message, reason) => files.giveUp(message, reason),
    logger: options.logger,
    newId,
  });

  let closed: Promise<void> | undefined;
  const close = () =>
    (closed ??= (async () => {
      await worker.close();
      await vectors.close();
      database.close();
    })());

  return {
    service: createVectorService({
      dependencies: { stores, jobs, search, answers, newId },
      async health() {
        database.prepare('SELECT 1 FROM vector_store LIMIT 1').get();
        return vectors.health();
      },
      async start() {
        await stores.resume();
        await jobs.resume();
      },
      close,
    }),
    workers: [worker],
    stores,
    jobs,
    vectorizer: createVectorizer({ stores, jobs }),
    answers,
    metrics: createMetrics({ stores: records, jobs: jobRecords }),
    search: (clientId, { topK = 4, mode = 'vector', filter, ...request }) =>
      search.find(clientId, {
        ...request,
        topK,
        mode,
        filter: filter && parseFilter(filter),
      }),
    startJob: (clientId, request) => jobs.start(clientId, request),
    close,
  };
}

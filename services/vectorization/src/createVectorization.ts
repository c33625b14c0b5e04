import {
  Clock,
  COUNTED_WORK_DELIVERIES,
  IdGenerator,
  Logger,
  QueueWorker,
  randomId,
  Recovery,
  ServiceDefinition,
  type ServiceHealth,
  systemClock,
  Worker,
} from '@genai-environments/service-kit';
import { Answers } from './domain/answers/Answers';
import type { DocumentMetadata, FoundChunk } from './domain/Chunk';
import { FileVectorizer } from './domain/FileVectorizer';
import { parseFilter } from './domain/filter';
import { createMetrics, type VectorizationMetrics } from './domain/Metrics';
import { Search, SearchMode } from './domain/Search';
import type { VectorizeJob } from './domain/VectorizeJob';
import { VectorizeJobs } from './domain/VectorizeJobs';
import { createVectorizer, type Vectorizer } from './domain/Vectorizer';
import { VectorStores } from './domain/VectorStores';
import {
  type AdapterOptions,
  type Adapters,
  openAdapters,
  QUEUE_NAME,
} from './openAdapters';
import { createVectorService } from './plugin';
import type { AnswerModel } from './ports/AnswerModel';
import type { ChunkSource } from './ports/ChunkSource';
import type { Embedder } from './ports/Embedder';

export type VectorizationOptions = AdapterOptions & {
  /** Where the chunks of a vectorization job come from. */
  chunks: ChunkSource;
  embedder: Embedder;
  /** Absent: `POST /v1/answers` says that there is no model. */
  answerModel?: AnswerModel;
  logger: Logger;
  clock?: Clock;
  newId?: IdGenerator;
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

/** Builds the service, on its local adapters unless others are given. */
export function createVectorization(
  options: VectorizationOptions,
): Vectorization {
  const { chunks, embedder, answerModel, logger } = options;
  const { clock = systemClock, newId = randomId } = options;
  const adapters = openAdapters({ ...options, clock });
  const { repositories, queue, indexes } = adapters;

  const shared = { clock, newId, logger };
  const stores = new VectorStores({
    ...{ ...shared, repository: repositories.stores, indexes },
  });
  const jobs = new VectorizeJobs({
    ...{ ...shared, repository: repositories.jobs, stores, chunks, queue },
  });
  const recovery = new Recovery(
    [
      { name: 'removals', resume: left => stores.resume(left) },
      { name: 'jobs', resume: left => jobs.resume(left) },
    ],
    { clock, logger },
  );
  const search = new Search({ stores, indexes, embedder });
  const answers = answerModel && new Answers({ search, model: answerModel });
  const worker = createWorker({ ...options, ...adapters, clock, newId });

  let closed: Promise<void> | undefined;
  const close = () =>
    (closed ??= (async () => {
      await worker.close();
      await recovery.close();
      await adapters.close();
    })());

  return {
    service: createVectorService({
      dependencies: { stores, jobs, search, answers, newId },
      health: () => checkHealth(adapters),
      start: () => recovery.start(),
      close,
    }),
    workers: [worker],
    stores,
    jobs,
    vectorizer: createVectorizer({ stores, jobs }),
    answers,
    metrics: createMetrics(repositories),
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

function createWorker(
  options: VectorizationOptions &
    Adapters & { clock: Clock; newId: IdGenerator },
): Worker {
  const { repositories, queue, workerConcurrency = 2, ...more } = options;
  const files = new FileVectorizer({ ...more, ...repositories });
  return new QueueWorker({
    name: QUEUE_NAME,
    queue,
    concurrency: workerConcurrency,
    maxDeliveries: COUNTED_WORK_DELIVERIES,
    handle: (message, context) => files.handle(message, context),
    onPoison: (message, reason) => files.giveUp(message, reason),
    logger: options.logger,
    newId: options.newId,
  });
}

async function checkHealth(adapters: Adapters): Promise<ServiceHealth> {
  const records = await adapters.repositories.health();
  return records.status === 'UP' ? adapters.indexes.health() : records;
}

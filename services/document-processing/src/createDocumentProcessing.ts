import {
  Clock,
  IdGenerator,
  Logger,
  ObjectStore,
  randomId,
  Recovery,
  ServiceDefinition,
  systemClock,
  Worker,
} from '@genai-environments/service-kit';
import { join } from 'node:path';
import { ProcessTextExtractor } from './adapters/local/extraction/ProcessTextExtractor';
import { createWorkers } from './createWorkers';
import type { DocumentQueues, DocumentRecords } from './DocumentRecords';
import { ChunkingJobs } from './domain/ChunkingJobs';
import { Dispatcher } from './domain/Dispatcher';
import { ExtractionJobs } from './domain/ExtractionJobs';
import { Ingests } from './domain/Ingests';
import { createJobMetrics, JobMetrics } from './JobMetrics';
import { openLocalRecords } from './openLocalRecords';
import { createDocumentService } from './plugin';
import type { ChunkSource } from './ports/ChunkSource';
import type { TextExtractor } from './ports/TextExtractor';
import type { Vectorizer } from './ports/Vectorizer';

export type DocumentProcessingOptions = {
  /** Keeps files while they are read and, by default, `document-processing.sqlite`. */
  dataDirectory: string;
  /** Uploads and artefacts. */
  objects: ObjectStore;
  /** The entry that `buildExtractionProcess.mjs` makes. */
  extractionEntry: string;
  /** Jobs and ingests; default: in a database of the data directory. */
  records?: DocumentRecords;
  /** Their orders; default: in the same database. */
  queues?: DocumentQueues;
  /** Without it an ingest ends after chunking. */
  vectorizer?: Vectorizer;
  logger: Logger;
  clock?: Clock;
  newId?: IdGenerator;
  /** Reads files; default: {@link createLocalExtractor}. */
  extractor?: TextExtractor;
  /** Files that are read at the same time; default 2. */
  extractionConcurrency?: number;
};

export type DocumentProcessing = {
  service: ServiceDefinition;
  /** `extraction`, `chunking` and `ingest`; to be closed before the service. */
  workers: Worker[];
  /** For the service that makes vectors of them. */
  chunks: ChunkSource;
  /** For the service that shows what was done. */
  metrics: { extractionJobs: JobMetrics; chunkingJobs: JobMetrics };
  /** The same as `service.close`; safe to call twice. */
  close(): Promise<void>;
};

/** Builds the service, on its local adapters unless it is given others. */
export function createDocumentProcessing(
  options: DocumentProcessingOptions,
): DocumentProcessing {
  const { objects, logger, clock = systemClock, newId = randomId } = options;
  const local =
    options.records && options.queues
      ? undefined
      : openLocalRecords({ dataDirectory: options.dataDirectory, clock });
  const records = options.records ?? local!.records;
  const queues = options.queues ?? local!.queues;
  const repository = records.jobs;
  const dispatcher = new Dispatcher({ repository, objects, queues, logger });
  const shared = { repository, objects, dispatcher, clock, newId };
  const extraction = new ExtractionJobs(shared);
  const chunking = new ChunkingJobs({ ...shared, extraction });
  const ingests = new Ingests({
    repository: records.ingests,
    extraction,
    chunking,
    vectorizer: options.vectorizer,
    queue: queues.ingest,
    clock,
    newId,
  });

  const recovery = new Recovery(
    [
      { name: 'jobs', resume: left => dispatcher.dispatchLeft(left) },
      { name: 'removals', resume: left => dispatcher.removeLeft(left) },
    ],
    { clock, logger },
  );
  const close = async () => {
    await recovery.close();
    local?.close();
  };
  return {
    service: createDocumentService({
      dependencies: { extraction, chunking, ingests, objects },
      async health() {
        const state = await records.health();
        return state.status === 'UP' ? objects.health() : state;
      },
      start: () => recovery.start(),
      close,
    }),
    workers: createWorkers({
      ...shared,
      queues,
      ingests,
      extractor: options.extractor ?? createLocalExtractor(options),
      logger,
      extractionConcurrency: options.extractionConcurrency ?? 2,
    }),
    chunks: chunking,
    metrics: {
      extractionJobs: createJobMetrics(repository, 'extraction'),
      chunkingJobs: createJobMetrics(repository, 'chunking'),
    },
    close,
  };
}

/** The parsers of this package, each file in a process of its own. */
export function createLocalExtractor(options: {
  dataDirectory: string;
  objects: ObjectStore;
  extractionEntry: string;
  logger: Logger;
}): TextExtractor {
  return new ProcessTextExtractor({
    objects: options.objects,
    entry: options.extractionEntry,
    temporaryDirectory: join(options.dataDirectory, 'document-processing.tmp'),
    logger: options.logger,
  });
}

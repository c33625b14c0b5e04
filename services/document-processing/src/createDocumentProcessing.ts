import {
  Clock,
  IdGenerator,
  Logger,
  ObjectStore,
  randomId,
  ServiceDefinition,
  SqliteQueue,
  systemClock,
  Worker,
} from '@genai-environments/service-kit';
import { join } from 'node:path';
import { openDocumentDatabase } from './adapters/local/database';
import { ProcessTextExtractor } from './adapters/local/extraction/ProcessTextExtractor';
import { SqliteDocumentJobRepository } from './adapters/local/SqliteDocumentJobRepository';
import { SqliteIngestRepository } from './adapters/local/SqliteIngestRepository';
import { createWorkers } from './createWorkers';
import { ChunkingJobs } from './domain/ChunkingJobs';
import { Dispatcher } from './domain/Dispatcher';
import { ExtractionJobs } from './domain/ExtractionJobs';
import { IngestMessage, Ingests } from './domain/Ingests';
import type { FileMessage } from './domain/Job';
import { createDocumentService } from './plugin';
import type { ChunkSource } from './ports/ChunkSource';
import type { TextExtractor } from './ports/TextExtractor';
import type { Vectorizer } from './ports/Vectorizer';

export type DocumentProcessingOptions = {
  /** Keeps `document-processing.sqlite`, and files while they are read. */
  dataDirectory: string;
  /** Uploads and artefacts. */
  objects: ObjectStore;
  /** The entry that `buildExtractionProcess.mjs` makes. */
  extractionEntry: string;
  /** Without it an ingest ends after chunking. */
  vectorizer?: Vectorizer;
  logger: Logger;
  clock?: Clock;
  newId?: IdGenerator;
  /** Default: the parsers of this package, each file in a process of its own. */
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
  /** The same as `service.close`; safe to call twice. */
  close(): Promise<void>;
};

/** Builds the service on its local adapters. */
export function createDocumentProcessing(
  options: DocumentProcessingOptions,
): DocumentProcessing {
  const { objects, logger, clock = systemClock, newId = randomId } = options;
  const database = openDocumentDatabase(options);
  const repository = new SqliteDocumentJobRepository({ database });
  const queues = {
    extraction: new SqliteQueue<FileMessage>({
      database,
      name: 'extraction',
      clock,
    }),
    chunking: new SqliteQueue<FileMessage>({
      database,
      name: 'chunking',
      clock,
    }),
    ingest: new SqliteQueue<IngestMessage>({ database, name: 'ingest', clock }),
  };
  const dispatcher = new Dispatcher({ repository, objects, queues });
  const shared = { repository, objects, dispatcher, clock, newId };
  const extraction = new ExtractionJobs(shared);
  const chunking = new ChunkingJobs({ ...shared, extraction });
  const ingests = new Ingests({
    repository: new SqliteIngestRepository({ database }),
    extraction,
    chunking,
    vectorizer: options.vectorizer,
    queue: queues.ingest,
    clock,
    newId,
  });
  const extractor =
    options.extractor ??
    new ProcessTextExtractor({
      objects,
      entry: options.extractionEntry,
      temporaryDirectory: join(
        options.dataDirectory,
        'document-processing.tmp',
      ),
      logger,
    });

  const close = async () => {
    if (database.isOpen) database.close();
  };
  return {
    service: createDocumentService({
      dependencies: { extraction, chunking, ingests, objects },
      async health() {
        database.prepare('SELECT 1 FROM job LIMIT 1').get();
        return objects.health();
      },
      start: () => dispatcher.recover(),
      close,
    }),
    workers: createWorkers({
      ...shared,
      queues,
      ingests,
      extractor,
      logger,
      extractionConcurrency: options.extractionConcurrency ?? 2,
    }),
    chunks: chunking,
    close,
  };
}

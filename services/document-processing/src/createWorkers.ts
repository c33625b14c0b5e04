import {
  Clock,
  COUNTED_WORK_DELIVERIES,
  Logger,
  ObjectStore,
  QueueWorker,
  Worker,
} from '@genai-environments/service-kit';
import type { DocumentQueues } from './DocumentRecords';
import { FileWork, FileWorkOptions } from './domain/FileWork';
import type { IngestMessage, Ingests } from './domain/Ingests';
import type { FileMessage, JobKind } from './domain/Job';
import { chunkFile, extractFile } from './domain/processFile';
import type { DocumentJobRepository } from './ports/DocumentJobRepository';
import type { TextExtractor } from './ports/TextExtractor';

const CHUNKING_CONCURRENCY = 2;
const INGEST_CONCURRENCY = 2;
/** It only asks and tells: what fails there is out of order, for an hour at most. */
const INGEST_DELIVERIES = 20;

/** The roles that do the work of the jobs. */
export function createWorkers(options: {
  repository: DocumentJobRepository;
  objects: ObjectStore;
  clock: Clock;
  queues: DocumentQueues;
  ingests: Ingests;
  extractor: TextExtractor;
  logger: Logger;
  extractionConcurrency: number;
}): Worker[] {
  const { queues, ingests, extractor, objects, logger } = options;

  const fileWorker = (
    kind: JobKind,
    concurrency: number,
    process: FileWorkOptions['process'],
  ): Worker => {
    const work = new FileWork({
      ...options,
      kind,
      process,
      onEnded: job => ingests.jobEnded(job),
    });
    return new QueueWorker<FileMessage>({
      name: kind,
      queue: queues[kind],
      concurrency,
      maxDeliveries: COUNTED_WORK_DELIVERIES,
      handle: (message, context) => work.handle(message, context),
      onPoison: (message, reason) => work.giveUp(message, reason),
      logger,
    });
  };

  return [
    fileWorker('extraction', options.extractionConcurrency, work =>
      extractFile(work, { objects, extractor }),
    ),
    fileWorker('chunking', CHUNKING_CONCURRENCY, work =>
      chunkFile(work, { objects }),
    ),
    new QueueWorker<IngestMessage>({
      name: 'ingest',
      queue: queues.ingest,
      concurrency: INGEST_CONCURRENCY,
      maxDeliveries: INGEST_DELIVERIES,
      handle: message => ingests.advance(message),
      onPoison: (message, reason) => ingests.giveUp(message, reason),
      logger,
    }),
  ];
}

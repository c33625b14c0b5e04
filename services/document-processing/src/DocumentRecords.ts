import type { Queue, ServiceHealth } from '@genai-environments/service-kit';
import type { IngestMessage } from './domain/Ingests';
import type { FileMessage } from './domain/Job';
import type { DocumentJobRepository } from './ports/DocumentJobRepository';
import type { IngestRepository } from './ports/IngestRepository';

/** Where jobs and ingests are kept. */
export type DocumentRecords = {
  jobs: DocumentJobRepository;
  ingests: IngestRepository;
  health(): Promise<ServiceHealth>;
};

/** Where the orders to work on them wait; one queue per worker. */
export type DocumentQueues = {
  extraction: Queue<FileMessage>;
  chunking: Queue<FileMessage>;
  ingest: Queue<IngestMessage>;
};

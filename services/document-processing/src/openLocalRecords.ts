import { Clock, SqliteQueue } from '@genai-environments/service-kit';
import { openDocumentDatabase } from './adapters/local/database';
import { SqliteDocumentJobRepository } from './adapters/local/SqliteDocumentJobRepository';
import { SqliteIngestRepository } from './adapters/local/SqliteIngestRepository';
import type { DocumentQueues, DocumentRecords } from './DocumentRecords';

/** Records and queues in one database of the data directory. */
export function openLocalRecords(options: {
  dataDirectory: string;
  clock: Clock;
}): { records: DocumentRecords; queues: DocumentQueues; close(): void } {
  const { clock } = options;
  const database = openDocumentDatabase(options);
  return {
    records: {
      jobs: new SqliteDocumentJobRepository({ database }),
      ingests: new SqliteIngestRepository({ database }),
      async health() {
        database.prepare('SELECT 1 FROM job LIMIT 1').get();
        return { status: 'UP' };
      },
    },
    queues: {
      extraction: new SqliteQueue({ database, name: 'extraction', clock }),
      chunking: new SqliteQueue({ database, name: 'chunking', clock }),
      ingest: new SqliteQueue({ database, name: 'ingest', clock }),
    },
    close() {
      if (database.isOpen) database.close();
    },
  };
}

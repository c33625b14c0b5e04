import type { Ingest } from '../domain/Ingest';

/** Port: what ingests were asked for and how far they were driven. */
export interface IngestRepository {
  create(ingest: Ingest): Promise<void>;

  find(clientId: string, id: string): Promise<Ingest | undefined>;

  /** Records a step that was taken. Idempotent; silent when it is gone. */
  update(
    id: string,
    change: Partial<Pick<Ingest, 'vectorizeJobId' | 'ending'>> & {
      updatedAt: number;
    },
  ): Promise<void>;

  /** @returns `false` when there is none */
  delete(clientId: string, id: string): Promise<boolean>;
}

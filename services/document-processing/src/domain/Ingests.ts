import {
  Clock,
  DomainError,
  IdGenerator,
  isFinal,
  NotFoundError,
  Queue,
} from '@genai-environments/service-kit';
import type { IngestRepository } from '../ports/IngestRepository';
import type { Vectorizer } from '../ports/Vectorizer';
import type { ChunkingJobs } from './ChunkingJobs';
import type { ExtractionJobs } from './ExtractionJobs';
import { quoteName } from './Format';
import type { Ingest, IngestProgress } from './Ingest';
import { progressOf } from './ingestProgress';
import { ChunkingSettings, isFinished, Job } from './Job';

/** Order to look where an ingest stands and take its next step. */
export type IngestMessage = { clientId: string; ingestId: string };

export type IngestsOptions = {
  repository: IngestRepository;
  extraction: ExtractionJobs;
  chunking: ChunkingJobs;
  /** Without it an ingest ends after chunking. */
  vectorizer?: Vectorizer;
  queue: Queue<IngestMessage>;
  clock: Clock;
  newId: IdGenerator;
};

const NO_INDEX =
  'No index_id was given, so the ingest ended after chunking. Vectorize its chunking job to search the files.';
const NO_VECTORIZER =
  'This environment runs no vectorization, so the ingest ended after chunking.';

/**
 * Extraction, chunking and vectorization as one job. The end of each step orders a look at
 * the ingest, which takes the next step; looking twice does no harm.
 */
export class Ingests {
  constructor(private readonly options: IngestsOptions) {}

  /**
   * Begins an ingest whose files are still to be put.
   *
   * @throws NotFoundError when there is no such index
   */
  async create(
    clientId: string,
    request: { indexId?: string; chunking: ChunkingSettings },
  ): Promise<Ingest> {
    const { repository, extraction, vectorizer, clock, newId } = this.options;
    const { indexId, chunking } = request;
    if (indexId) await vectorizer?.assertIndex(clientId, indexId);
    const ingest: Ingest = {
      id: newId(),
      clientId,
      extractionJobId: newId(),
      chunkingJobId: newId(),
      plannedVectorizeJobId: newId(),
      indexId,
      chunking,
      createdAt: clock.now(),
      updatedAt: clock.now(),
    };
    await repository.create(ingest);
    await extraction.create(clientId, {
      id: ingest.extractionJobId,
      ingestId: ingest.id,
    });
    return ingest;
  }

  /** All files are there: lets it run. */
  async start({ clientId, extractionJobId }: Ingest): Promise<void> {
    await this.options.extraction.start(clientId, extractionJobId);
  }

  /** @throws NotFoundError also for another application's */
  async progress(clientId: string, id: string): Promise<IngestProgress> {
    const ingest = await this.find(clientId, id);
    const { extraction, chunking, vectorizer } = this.options;
    const { extractionJobId, chunkingJobId, vectorizeJobId } = ingest;
    const extractionFiles = await extraction.listFiles(
      clientId,
      extractionJobId,
      {},
    );
    return progressOf(ingest, {
      extraction: {
        job: await extraction.get(clientId, extractionJobId),
        files: extractionFiles.items,
      },
      chunking: await chunking.findJobWithFiles(clientId, chunkingJobId),
      vectorization:
        vectorizeJobId === undefined
          ? undefined
          : (await vectorizer?.findJob(clientId, vectorizeJobId)) ?? 'gone',
    });
  }

  /** Deletes it with its jobs; vectors stay in their index. */
  async delete(clientId: string, id: string): Promise<void> {
    const { repository, extraction, chunking } = this.options;
    const ingest = await this.find(clientId, id);
    await ignoreMissing(extraction.delete(clientId, ingest.extractionJobId));
    await ignoreMissing(chunking.delete(clientId, ingest.chunkingJobId));
    await repository.delete(clientId, id);
  }

  /** To be told when a job has ended, as often as one likes. */
  async jobEnded({ clientId, ingestId }: Job): Promise<void> {
    if (ingestId) await this.options.queue.send([{ clientId, ingestId }]);
  }

  /** Takes the next step, when its time has come. */
  async advance({ clientId, ingestId }: IngestMessage): Promise<void> {
    const { repository, extraction, chunking } = this.options;
    const ingest = await repository.find(clientId, ingestId);
    if (!ingest || ingest.ending || ingest.vectorizeJobId) return;
    const { extractionJobId, chunkingJobId: id } = ingest;
    const extracted = await extraction.get(clientId, extractionJobId);
    if (!isFinished(extracted) || extracted.completedFiles === 0) return;

    const found = await chunking.findJobWithFiles(clientId, id);
    // Made again it is the same job; its orders are sent if they may not have been.
    const chunked = found?.job.dispatched
      ? found.job
      : await chunking.create(clientId, {
          ...{ id, extractionJobId, ingestId },
          settings: ingest.chunking,
        });
    if (isFinished(chunked)) await this.vectorize(ingest, chunked);
  }

  /** A look at it failed for good. */
  async giveUp({ ingestId }: IngestMessage, reason: string): Promise<void> {
    await this.end(ingestId, { failed: true, message: reason });
  }

  private async vectorize(ingest: Ingest, chunked: Job): Promise<void> {
    const { repository, vectorizer, clock } = this.options;
    const { id, clientId, indexId, chunkingJobId } = ingest;
    if (chunked.completedFiles === 0) return;
    if (!indexId || !vectorizer) {
      const message = indexId ? NO_VECTORIZER : NO_INDEX;
      await this.end(id, { failed: false, message });
      return;
    }
    try {
      const job = await vectorizer.startJob(clientId, {
        id: ingest.plannedVectorizeJobId,
        chunkingJobId,
        indexId,
      });
      await repository.update(id, { ...job, updatedAt: clock.now() });
    } catch (error) {
      if (!(error instanceof DomainError && isFinal(error))) throw error;
      await this.end(id, { failed: true, message: error.message });
    }
  }

  private async end(
    id: string,
    ending: NonNullable<Ingest['ending']>,
  ): Promise<void> {
    const { repository, clock } = this.options;
    await repository.update(id, { ending, updatedAt: clock.now() });
  }

  private async find(clientId: string, id: string): Promise<Ingest> {
    const ingest = await this.options.repository.find(clientId, id);
    if (ingest) return ingest;
    throw new NotFoundError(
      `There is no ingest ${quoteName(id)}. It may have been deleted.`,
      { code: 'ingest_not_found' },
    );
  }
}

async function ignoreMissing(work: Promise<void>): Promise<void> {
  await work.catch(error => {
    if (!(error instanceof NotFoundError)) throw error;
  });
}

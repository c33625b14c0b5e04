import {
  attemptEach,
  Clock,
  ConflictError,
  DependencyError,
  IdGenerator,
  InvalidInputError,
  type Logger,
  NotFoundError,
  type Page,
  type PageRequest,
  type Queue,
} from '@genai-environments/service-kit';
import type { ChunkSource } from '../ports/ChunkSource';
import type { VectorizeJobRepository } from '../ports/VectorizeJobRepository';
import type { DocumentMetadata } from './Chunk';
import type { JobFile, VectorizeJob, VectorizeMessage } from './VectorizeJob';
import type { VectorStores } from './VectorStores';

type JobRequest = {
  chunkingJobId: string;
  indexId: string;
  metadata?: DocumentMetadata;
};

/** Whoever has not queued the job that it made for so long does not do it any more. */
const QUEUEING_MS = 5000;

/** Jobs that embed the chunks of a chunking job into an index. */
export class VectorizeJobs {
  constructor(
    private readonly options: {
      repository: VectorizeJobRepository;
      stores: VectorStores;
      chunks: ChunkSource;
      queue: Queue<VectorizeMessage>;
      clock: Clock;
      newId: IdGenerator;
      logger: Logger;
    },
  ) {}

  /**
   * Records a job and queues its files; when the queue does not take them, {@link resume}
   * does that. With an id, ordering it again answers the job that was made, whatever it is
   * made of.
   *
   * @throws NotFoundError (`index_not_found`, `chunking_job_not_found`)
   * @throws ConflictError (`chunking_not_finished`)
   * @throws InvalidInputError (`nothing_to_vectorize`)
   * @throws DependencyError (`job_being_queued`) while another order of the same id is at it
   */
  async start(
    clientId: string,
    { id, ...request }: JobRequest & { id?: string },
  ): Promise<VectorizeJob> {
    const { newId } = this.options;
    if (id === undefined) {
      return (await this.create(clientId, { id: newId(), ...request }))!;
    }
    return (
      (await this.takeUp(clientId, id)) ??
      (await this.create(clientId, { id, ...request })) ??
      (await this.takeUp(clientId, id)) ??
      this.get(clientId, id)
    );
  }

  /** @throws NotFoundError (`vectorize_job_not_found`) */
  async get(clientId: string, jobId: string): Promise<VectorizeJob> {
    const found = await this.options.repository.find(clientId, jobId);
    if (!found) throw noJob();
    return found;
  }

  list(clientId: string, page: PageRequest): Promise<Page<VectorizeJob>> {
    return this.options.repository.list(clientId, page);
  }

  /** @throws NotFoundError (`vectorize_job_not_found`) */
  async listFiles(
    clientId: string,
    jobId: string,
    page: PageRequest,
  ): Promise<Page<JobFile>> {
    const { repository } = this.options;
    const files = await repository.listFiles(clientId, jobId, page);
    if (!files) throw noJob();
    return files;
  }

  /**
   * Forgets a job and ends it; what it added to the index stays there.
   *
   * @throws NotFoundError (`vectorize_job_not_found`)
   */
  async remove(clientId: string, jobId: string): Promise<void> {
    const removed = await this.options.repository.remove(clientId, jobId);
    if (!removed) throw noJob();
  }

  /**
   * Queues what a crash or a failure kept from being queued; what is queued twice does no harm.
   *
   * @param options.before - only jobs made before that time; later ones somebody may be
   *   queueing just now
   * @throws only when they cannot be listed
   */
  async resume(
    options: { before?: number; signal?: AbortSignal } = {},
  ): Promise<void> {
    const { before = Infinity, signal } = options;
    const jobs = await this.options.repository.listUnqueued();
    const due = jobs.filter(({ createdAt }) => createdAt < before);
    await this.enqueueAll(due, signal);
  }

  /** @returns `undefined` when there is a job of that id */
  private async create(
    clientId: string,
    request: JobRequest & { id: string },
  ): Promise<VectorizeJob | undefined> {
    const { repository, stores, clock } = this.options;
    const { id, chunkingJobId, indexId, metadata = {} } = request;
    const index = await stores.getIndex(clientId, indexId);
    const fileNames = await this.chunkedFiles(clientId, chunkingJobId);
    const now = clock.now();
    const job: VectorizeJob = {
      id,
      clientId,
      storeId: index.storeId,
      indexId,
      chunkingJobId,
      metadata,
      totalFiles: fileNames.length,
      completedFiles: 0,
      failedFiles: 0,
      begun: false,
      createdAt: now,
      updatedAt: now,
    };
    if (!(await repository.add(job, fileNames))) return undefined;
    await this.enqueueAll([{ jobId: id, totalFiles: job.totalFiles }]);
    return job;
  }

  /**
   * The job that was made by an order before; queued here when that broke off.
   *
   * @returns `undefined` when there is none
   */
  private async takeUp(
    clientId: string,
    id: string,
  ): Promise<VectorizeJob | undefined> {
    const { repository, clock } = this.options;
    const job = await repository.find(clientId, id);
    if (!job) return undefined;
    const unqueued = await repository.listUnqueued();
    const left = unqueued.find(({ jobId }) => jobId === id);
    if (!left) return job;
    if (clock.now() - job.createdAt < QUEUEING_MS) throw beingQueued();
    await this.enqueueAll([left]);
    return job;
  }

  private enqueueAll(
    jobs: Array<{ jobId: string; totalFiles: number }>,
    signal?: AbortSignal,
  ): Promise<void> {
    const { repository, queue, logger } = this.options;
    return attemptEach(jobs, {
      async work({ jobId, totalFiles }) {
        const numbers = Array.from({ length: totalFiles }, (_, no) => no);
        await queue.send(numbers.map(fileNo => ({ jobId, fileNo })));
        await repository.markQueued(jobId);
      },
      idOf: ({ jobId }) => jobId,
      left: 'Files of vectorization jobs could not be queued yet',
      ...{ logger, signal },
    });
  }

  private async chunkedFiles(
    clientId: string,
    chunkingJobId: string,
  ): Promise<string[]> {
    const job = await this.options.chunks.findJob(clientId, chunkingJobId);
    if (!job) {
      throw new NotFoundError(
        'There is no such chunking job. List the chunking jobs, or create one.',
        { code: 'chunking_job_not_found' },
      );
    }
    if (job.status === 'pending') {
      throw new ConflictError(
        'The chunking job has not finished. Wait until its status is COMPLETED or COMPLETED_WITH_ERRORS.',
        { code: 'chunking_not_finished' },
      );
    }
    const names = job.files
      .filter(file => file.status === 'completed')
      .map(file => file.fileName);
    if (names.length > 0) return names;
    throw new InvalidInputError(
      'No file of the chunking job was chunked, so there is nothing to vectorize. Look at the status of its files.',
      { code: 'nothing_to_vectorize' },
    );
  }
}

function noJob(): NotFoundError {
  return new NotFoundError(
    'There is no such vectorization job. List the jobs, or start one.',
    { code: 'vectorize_job_not_found' },
  );
}

function beingQueued(): DependencyError {
  return new DependencyError(
    'Another order is queueing the job. Try again in a few seconds.',
    { kind: 'unavailable', retryable: true, code: 'job_being_queued' },
  );
}

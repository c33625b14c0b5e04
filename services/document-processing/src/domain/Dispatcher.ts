import {
  attemptEach,
  type Logger,
  type ObjectStore,
  type Page,
  type PageRequest,
  type Queue,
} from '@genai-environments/service-kit';
import type { DocumentJobRepository } from '../ports/DocumentJobRepository';
import { FileMessage, Job, JobKind } from './Job';

type DispatchedJob = Pick<Job, 'id' | 'clientId' | 'kind'>;

/** Orders sent at once. */
const BATCH = 500;

/** What is left of jobs, or of their objects, that is read at once. */
const LEFT_AT_ONCE = 100;

/**
 * Sends the orders for the files of started jobs. A job is recorded as started before and
 * as dispatched after, so whatever a crash or a failure leaves undone is found again; orders
 * that are sent twice change nothing.
 */
export class Dispatcher {
  constructor(
    private readonly options: {
      repository: DocumentJobRepository;
      objects: ObjectStore;
      queues: Record<JobKind, Queue<FileMessage>>;
      logger: Logger;
    },
  ) {}

  /** Sends the orders of a started job; when it cannot, {@link dispatchLeft} does. */
  async dispatch(job: DispatchedJob): Promise<void> {
    await this.dispatchAll([job]);
  }

  /** Removes what a deleted job left; when it cannot, {@link removeLeft} does. */
  async removeObjects(prefix: string): Promise<void> {
    await this.removeAll([prefix]);
  }

  /**
   * Sends the orders that a process that died did not get to send, or that failed. What fails
   * again is left for another time, and keeps nothing else waiting.
   *
   * @param options.before - only jobs started before that time; of later ones somebody may
   *   be sending the orders just now
   * @throws only when the jobs cannot be listed
   */
  async dispatchLeft(
    options: { before?: number; signal?: AbortSignal } = {},
  ): Promise<void> {
    const { before = Infinity, signal } = options;
    const { repository } = this.options;
    await eachPage({
      ...{ limit: LEFT_AT_ONCE, signal },
      read: page => repository.listUndispatched(page),
      work: jobs => {
        const due = jobs.filter(({ updatedAt }) => updatedAt < before);
        return this.dispatchAll(due, signal);
      },
    });
  }

  /** Removes likewise what is left of deleted jobs. */
  async removeLeft({ signal }: { signal?: AbortSignal } = {}): Promise<void> {
    const { repository } = this.options;
    await eachPage({
      ...{ limit: LEFT_AT_ONCE, signal },
      read: page => repository.listRemovals(page),
      work: prefixes => this.removeAll(prefixes, signal),
    });
  }

  private dispatchAll(
    jobs: readonly DispatchedJob[],
    signal?: AbortSignal,
  ): Promise<void> {
    const { logger } = this.options;
    return attemptEach(jobs, {
      work: job => this.sendOrders(job),
      idOf: ({ id }) => id,
      left: 'Files of started jobs could not be queued yet',
      ...{ logger, signal },
    });
  }

  private removeAll(
    prefixes: readonly string[],
    signal?: AbortSignal,
  ): Promise<void> {
    const { objects, repository, logger } = this.options;
    return attemptEach(prefixes, {
      async work(prefix) {
        await objects.deleteAll(prefix);
        await repository.forgetRemoval(prefix);
      },
      idOf: prefix => prefix,
      left: 'Objects of deleted jobs could not be removed yet',
      ...{ logger, signal },
    });
  }

  private async sendOrders(job: DispatchedJob): Promise<void> {
    const { repository, queues } = this.options;
    await eachPage({
      limit: BATCH,
      read: page => repository.listFiles(job.id, page),
      work: async files => {
        const orders = files
          .filter(({ status }) => status === 'queued')
          .map(({ id: fileId }) => ({
            clientId: job.clientId,
            jobId: job.id,
            fileId,
          }));
        if (orders.length > 0) await queues[job.kind].send(orders);
      },
    });
    await repository.markDispatched(job.id);
  }
}

async function eachPage<T>(list: {
  limit: number;
  read(page: PageRequest): Promise<Page<T>>;
  work(items: T[]): Promise<void>;
  /** Reads no other page once it aborts. */
  signal?: AbortSignal;
}): Promise<void> {
  const { limit, read, work, signal } = list;
  let cursor: string | undefined;
  do {
    if (signal?.aborted) return;
    const page = await read({ limit, cursor });
    await work(page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

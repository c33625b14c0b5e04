import type { ObjectStore, Queue } from '@genai-environments/service-kit';
import type { DocumentJobRepository } from '../ports/DocumentJobRepository';
import { FileMessage, Job, JobKind } from './Job';

/** Orders sent at once. */
const BATCH = 500;

/**
 * Sends the orders for the files of started jobs. A job is recorded as started before and
 * as dispatched after, so whatever a crash leaves undone is found again; orders that are
 * sent twice change nothing.
 */
export class Dispatcher {
  constructor(
    private readonly options: {
      repository: DocumentJobRepository;
      objects: ObjectStore;
      queues: Record<JobKind, Queue<FileMessage>>;
    },
  ) {}

  async dispatch(job: Pick<Job, 'id' | 'clientId' | 'kind'>): Promise<void> {
    const { repository, queues } = this.options;
    let cursor: string | undefined;
    do {
      const page = await repository.listFiles(job.id, { limit: BATCH, cursor });
      const orders = page.items
        .filter(({ status }) => status === 'queued')
        .map(({ id: fileId }) => ({
          clientId: job.clientId,
          jobId: job.id,
          fileId,
        }));
      if (orders.length > 0) await queues[job.kind].send(orders);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    await repository.markDispatched(job.id);
  }

  /**
   * Does what a process that died did not get to.
   *
   * @param before - only jobs started before that time; of later ones somebody may be
   *   sending the orders just now
   */
  async recover(before = Infinity): Promise<void> {
    const { repository } = this.options;
    for (;;) {
      const jobs = await repository.listUndispatched({ limit: 100 });
      const due = jobs.filter(({ updatedAt }) => updatedAt < before);
      for (const job of due) await this.dispatch(job);
      if (due.length === 0) break;
    }
    for (;;) {
      const prefixes = await repository.listRemovals({ limit: 100 });
      if (prefixes.length === 0) return;
      for (const prefix of prefixes) await this.removeObjects(prefix);
    }
  }

  /** Removes what a deleted job left. */
  async removeObjects(prefix: string): Promise<void> {
    await this.options.objects.deleteAll(prefix);
    await this.options.repository.forgetRemoval(prefix);
  }
}

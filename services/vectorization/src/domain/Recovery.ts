import {
  type Clock,
  type Logger,
  RepeatedWork,
} from '@genai-environments/service-kit';
import type { VectorizeJobs } from './VectorizeJobs';
import type { VectorStores } from './VectorStores';

/** Where many processes serve an environment, one that dies may not come back for long. */
const EVERY_MS = 60_000;

/**
 * Takes up what broke off or failed: at the start, and from time to time. Removals and jobs
 * do not wait for each other, and nobody waits for either.
 */
export class Recovery {
  private readonly closing = new AbortController();
  private readonly works: RepeatedWork[];

  constructor(options: {
    stores: Pick<VectorStores, 'resume'>;
    jobs: Pick<VectorizeJobs, 'resume'>;
    clock: Clock;
    logger: Logger;
    /** Default: a minute. */
    everyMs?: number;
  }) {
    const { stores, jobs, clock, logger, everyMs = EVERY_MS } = options;
    const { signal } = this.closing;
    const repeat = (work: () => Promise<void>, failure: string) =>
      new RepeatedWork({
        ...{ work, everyMs },
        onError: error => logger.warn({ err: error }, failure),
      });
    let isFirst = true;
    this.works = [
      repeat(
        () => stores.resume({ signal }),
        'Removals that are left could not be read',
      ),
      repeat(() => {
        // After the start, what is younger may be in the hands of whoever made it.
        const before = isFirst ? Infinity : clock.now() - everyMs;
        isFirst = false;
        return jobs.resume({ before, signal });
      }, 'Jobs that are left could not be read'),
    ];
  }

  /** Begins at once, and never fails: the log is told what does. */
  start(): void {
    for (const work of this.works) work.start();
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.works.map(work => work.close()));
  }
}

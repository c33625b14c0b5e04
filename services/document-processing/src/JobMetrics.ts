import type { JobKind, JobStatus, JobSums, TimeRange } from './domain/Job';
import type { DocumentJobRepository } from './ports/DocumentJobRepository';
import { toChunkingStatus } from './routes/chunking/schemas';
import { toWord } from './routes/extraction/schemas';

/** What administration shows of jobs of one kind. */
export interface JobMetrics {
  /** Jobs created in the range, by status, in the words of this service's routes. */
  sumByStatus(
    clientId: string,
    range: TimeRange,
  ): Promise<Array<JobSums<string>>>;
}

const WORDS: Record<JobKind, (status: JobStatus) => string> = {
  extraction: toWord,
  chunking: status => toChunkingStatus({ status, dispatched: true }),
};

/** For the service that shows what was done. */
export function createJobMetrics(
  repository: DocumentJobRepository,
  kind: JobKind,
): JobMetrics {
  return {
    async sumByStatus(clientId, range) {
      const sums = await repository.sumByStatus(clientId, kind, range);
      return sums.map(each => ({ ...each, status: WORDS[kind](each.status) }));
    },
  };
}

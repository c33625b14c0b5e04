import {
  encodeCursor,
  oneMore,
  type Page,
  type PageRequest,
} from '@genai-environments/service-kit';
import type {
  DynamoTableClient,
  TableItem,
} from '@genai-environments/service-kit/aws';
import type {
  Job,
  JobKind,
  JobStatus,
  JobSums,
  TimeRange,
} from '../../domain/Job';
import { readKey } from '../cursors';
import { jobKey, jobsOf, padded, toJob } from './jobItems';

/** Jobs that are read at once. */
const JOBS_AT_ONCE = 1000;

/** Jobs by what lists them: entries in the order of time, which name them. */
export class JobLists {
  constructor(private readonly options: { table: DynamoTableClient }) {}

  /** Newest first. */
  async list(
    clientId: string,
    kind: JobKind,
    { limit, cursor }: PageRequest,
  ): Promise<Page<Job>> {
    const entries = await this.options.table.queryAll({
      pk: jobsOf(clientId, kind),
      descending: true,
      ...(cursor ? { sk: { before: readKey(cursor) } } : {}),
      limit: oneMore(limit),
    });
    const kept = entries.slice(0, limit);
    const items: Job[] = [];
    for (let start = 0; start < kept.length; start += JOBS_AT_ONCE) {
      items.push(...(await this.read(kept.slice(start, start + JOBS_AT_ONCE))));
    }
    return {
      items,
      ...(kept.length < entries.length
        ? { nextCursor: encodeCursor(kept.at(-1)!.sk) }
        : {}),
    };
  }

  async sumByStatus(
    clientId: string,
    kind: JobKind,
    { from, to }: TimeRange,
  ): Promise<JobSums[]> {
    const sums = new Map<JobStatus, JobSums>();
    if (from >= to) return [];
    let entries: TableItem[] = [];
    const addAll = async () => {
      for (const job of await this.read(entries)) addTo(sums, job);
      entries = [];
    };
    // Keys go on behind the time, so that of `to` itself none is in between.
    const range = { from: padded(from, 15), to: padded(to, 15) };
    const all = this.options.table.query({
      pk: jobsOf(clientId, kind),
      sk: range,
    });
    for await (const entry of all) {
      entries.push(entry);
      if (entries.length === JOBS_AT_ONCE) await addAll();
    }
    await addAll();
    return [...sums.values()].sort((a, b) => (a.status < b.status ? -1 : 1));
  }

  /** The jobs that entries name, without those that were deleted meanwhile. */
  async read(entries: readonly TableItem[]): Promise<Job[]> {
    const keys = entries.map(({ id }) => jobKey(id));
    const items = await this.options.table.getMany(keys);
    return items.filter(item => item !== undefined).map(toJob);
  }
}

function addTo(sums: Map<JobStatus, JobSums>, job: Job): void {
  const { status, totalFiles, completedFiles, failedFiles } = job;
  const sum = sums.get(status);
  sums.set(status, {
    status,
    jobs: (sum?.jobs ?? 0) + 1,
    totalFiles: (sum?.totalFiles ?? 0) + totalFiles,
    completedFiles: (sum?.completedFiles ?? 0) + completedFiles,
    failedFiles: (sum?.failedFiles ?? 0) + failedFiles,
  });
}

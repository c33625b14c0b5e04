import {
  decodeCursor,
  oneMore,
  type Page,
  type PageRequest,
  toPage,
} from '@genai-environments/service-kit';
import { randomUUID } from 'node:crypto';
import {
  type DynamoTableClient,
  MAX_CHANGES,
  type TableItem,
} from '@genai-environments/service-kit/aws';
import type {
  FileOutcome,
  Job,
  JobFile,
  JobKind,
  JobSums,
  TimeRange,
} from '../../domain/Job';
import type {
  DocumentJobRepository,
  NewFile,
  NewJob,
} from '../../ports/DocumentJobRepository';
import { JobFiles } from './JobFiles';
import {
  type JobItem,
  jobKey,
  jobSk,
  jobsOf,
  REMOVALS,
  toJob,
  toJobItem,
  UNDISPATCHED,
} from './jobItems';
import { JobLists } from './JobLists';
import { countSettled, settleFile } from './settleChanges';

/** Keeps jobs in the environment's table. */
export class DynamoDbDocumentJobRepository implements DocumentJobRepository {
  private readonly table: DynamoTableClient;
  private readonly files: JobFiles;
  private readonly lists: JobLists;

  constructor(options: { table: DynamoTableClient }) {
    this.table = options.table;
    this.files = new JobFiles(options);
    this.lists = new JobLists(options);
  }

  /**
   * Files come first, in a partition that only this attempt knows; the job that names it
   * makes them visible. Of attempts at the same time one wins, and the others clean up.
   */
  async createJob(job: NewJob, files: readonly NewFile[]): Promise<void> {
    const { id, createdAt: now } = job;
    if (await this.table.get(jobKey(id))) return;
    const filesId = files.length > 0 ? `${id}#${randomUUID()}` : id;
    await this.files.putAll(filesId, files, { now });
    const refused = await this.table.transact([
      {
        put: toJobItem(job, { filesId, count: files.length }),
        when: 'attribute_not_exists(pk)',
      },
      { put: { pk: jobsOf(job.clientId, job.kind), sk: jobSk(job), id } },
      ...(job.status === 'started' ? [{ put: undispatched(job) }] : []),
    ]);
    if (refused && files.length > 0) await this.files.deleteAll(filesId);
  }

  async addFile(
    { clientId, jobId }: { clientId: string; jobId: string },
    file: NewFile,
    options: { maxFiles: number; now: number },
  ) {
    const { maxFiles, now } = options;
    const job = await this.findItem(jobId);
    if (!job) return 'closed';
    const adding = this.files.toAdd(job, file, { now });
    const refused = await this.table.transact([
      {
        key: jobKey(jobId),
        set: 'SET #updatedAt = :now ADD #total :one',
        when: '#clientId = :clientId AND #state = :created AND #total < :max',
        names: {
          '#updatedAt': 'updatedAt',
          '#total': 'totalFiles',
          '#clientId': 'clientId',
          '#state': 'state',
        },
        values: {
          ...{ ':now': now, ':one': 1, ':max': maxFiles },
          ...{ ':clientId': clientId, ':created': 'created' },
        },
      },
      ...adding,
    ]);
    if (!refused) return 'added';
    return refused.has(adding.length) ? 'duplicate' : 'closed';
  }

  /**
   * Failed files get their outcome after the start. When that breaks off, they stay queued,
   * and whoever works on them finds the same.
   */
  async startJob(
    { clientId, jobId }: { clientId: string; jobId: string },
    options: {
      failed: ReadonlyArray<{ fileId: string; reason: string }>;
      now: number;
    },
  ): Promise<boolean> {
    const { failed, now } = options;
    const job = await this.findItem(jobId);
    if (!job) return false;
    const refused = await this.table.transact([
      {
        key: jobKey(jobId),
        set: 'SET #state = :started, #startedAt = :now, #updatedAt = :now',
        when: '#clientId = :clientId AND #state = :created',
        names: {
          ...{ '#state': 'state', '#clientId': 'clientId' },
          ...{ '#startedAt': 'startedAt', '#updatedAt': 'updatedAt' },
        },
        values: {
          ...{ ':created': 'created', ':started': 'started' },
          ...{ ':now': now, ':clientId': clientId },
        },
      },
      { put: undispatched(job) },
    ]);
    if (refused) return false;
    const most = MAX_CHANGES - 1;
    for (let start = 0; start < failed.length; start += most) {
      await this.failFiles(job, failed.slice(start, start + most), now);
    }
    return true;
  }

  async markDispatched(jobId: string): Promise<void> {
    const job = await this.findItem(jobId);
    if (!job || job.dispatched) return;
    const { pk, sk } = undispatched(job);
    await this.table.transact([
      {
        key: jobKey(jobId),
        set: 'SET #dispatched = :true',
        when: 'attribute_exists(pk)',
        names: { '#dispatched': 'dispatched' },
        values: { ':true': true },
      },
      { key: { pk, sk }, delete: true },
    ]);
  }

  async listUndispatched(request: PageRequest): Promise<Page<Job>> {
    const { items, ...more } = await this.listItems(UNDISPATCHED, request);
    return { items: await this.lists.read(items), ...more };
  }

  async findJob(
    clientId: string,
    { kind, id }: { kind: JobKind; id: string },
  ): Promise<Job | undefined> {
    const item = await this.findItem(id);
    const isTheirs = item?.clientId === clientId && item.kind === kind;
    return isTheirs ? toJob(item) : undefined;
  }

  listJobs(
    clientId: string,
    kind: JobKind,
    page: PageRequest,
  ): Promise<Page<Job>> {
    return this.lists.list(clientId, kind, page);
  }

  sumByStatus(
    clientId: string,
    kind: JobKind,
    range: TimeRange,
  ): Promise<JobSums[]> {
    return this.lists.sumByStatus(clientId, kind, range);
  }

  async listFiles(jobId: string, page: PageRequest): Promise<Page<JobFile>> {
    const job = await this.findItem(jobId);
    return job ? this.files.list(job, page) : { items: [] };
  }

  async findFile(
    jobId: string,
    by: { fileId: string } | { fileName: string },
  ): Promise<JobFile | undefined> {
    const job = await this.findItem(jobId);
    return job && this.files.find(job, by);
  }

  async settleFile(
    key: { jobId: string; fileId: string },
    outcome: FileOutcome,
    { now }: { now: number },
  ) {
    const file = await this.files.findKey(key);
    if (!file) return 'gone';
    const completed = outcome.status === 'completed' ? 1 : 0;
    const refused = await this.table.transact([
      countSettled(key.jobId, { completed, failed: 1 - completed, now }),
      settleFile(file, outcome, { now }),
    ]);
    if (!refused) return 'settled';
    const isThere = [...refused.values()].every(item => item !== undefined);
    return isThere ? 'already' : 'gone';
  }

  async countFailure(key: { jobId: string; fileId: string }): Promise<number> {
    const job = await this.findItem(key.jobId);
    const file = await this.files.findKey(key);
    if (job?.state !== 'started' || !file) return 0;
    const item = await this.table.update({
      key: file,
      set: 'ADD #failures :one',
      when: '#status = :pending',
      names: { '#failures': 'failures', '#status': 'status' },
      values: { ':one': 1, ':pending': 'pending' },
      answer: 'after',
    });
    return item?.failures ?? 0;
  }

  async deleteJob(
    clientId: string,
    { kind, id }: { kind: JobKind; id: string },
    { objectPrefix }: { objectPrefix: string },
  ): Promise<boolean> {
    const job = await this.findItem(id);
    if (job?.clientId !== clientId || job.kind !== kind) return false;
    const { pk, sk } = undispatched(job);
    const refused = await this.table.transact([
      { key: jobKey(id), delete: true, when: 'attribute_exists(pk)' },
      { key: { pk: jobsOf(clientId, kind), sk: jobSk(job) }, delete: true },
      { key: { pk, sk }, delete: true },
      { put: { pk: REMOVALS, sk: objectPrefix, filesId: job.filesId } },
    ]);
    return !refused;
  }

  async listRemovals(request: PageRequest): Promise<Page<string>> {
    const { items, ...more } = await this.listItems(REMOVALS, request);
    return { items: items.map(({ sk }) => sk), ...more };
  }

  /** Removes the records of its files first: nobody else knows of them any more. */
  async forgetRemoval(objectPrefix: string): Promise<void> {
    const key = { pk: REMOVALS, sk: objectPrefix };
    const removal = await this.table.get(key);
    if (!removal) return;
    await this.files.deleteAll(removal.filesId);
    await this.table.deleteMany([key]);
  }

  /** Those that still have no outcome; counted in the same step. */
  private async failFiles(
    job: JobItem,
    failed: ReadonlyArray<{ fileId: string; reason: string }>,
    now: number,
  ): Promise<void> {
    const ids = failed.map(({ fileId }) => fileId);
    const keys = await this.files.findKeys(job, ids);
    let left = failed.flatMap(({ reason }, index) => {
      const key = keys[index];
      const outcome = { status: 'failed' as const, reason };
      return key ? [settleFile(key, outcome, { now })] : [];
    });
    while (left.length > 0) {
      const refused = await this.table.transact([
        countSettled(job.id, { completed: 0, failed: left.length, now }),
        ...left,
      ]);
      if (!refused || refused.has(0)) return;
      left = left.filter((_, index) => !refused.has(index + 1));
    }
  }

  private async listItems(
    pk: string,
    { limit, cursor }: PageRequest,
  ): Promise<Page<TableItem>> {
    const items = await this.table.queryAll({
      pk,
      ...(cursor ? { sk: { after: decodeCursor(cursor) } } : {}),
      limit: oneMore(limit),
    });
    return toPage(items, {
      limit,
      placeOf: ({ sk }) => sk,
      toItem: item => item,
    });
  }

  private async findItem(id: string): Promise<JobItem | undefined> {
    return (await this.table.get(jobKey(id))) as JobItem | undefined;
  }
}

function undispatched(job: Pick<Job, 'id' | 'createdAt'>): TableItem {
  return { pk: UNDISPATCHED, sk: jobSk(job), id: job.id };
}

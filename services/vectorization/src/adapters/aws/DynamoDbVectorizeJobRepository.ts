import {
  decodeCursor,
  encodeCursor,
  type PageRequest,
} from '@genai-environments/service-kit';
import {
  type DynamoTableClient,
  EXPIRY_ATTRIBUTE,
  type TableItem,
} from '@genai-environments/service-kit/aws';
import { JobSummation, type TimeRange } from '../../domain/JobSums';
import { noIndex } from '../../domain/noIndex';
import type { FileOutcome, VectorizeJob } from '../../domain/VectorizeJob';
import type { VectorizeJobRepository } from '../../ports/VectorizeJobRepository';
import { deleteJob } from './deleteJobs';
import { blockOf, putNames, readNames } from './fileNames';
import { outcomeOf, toFile, toJob, toJobItem } from './jobItems';
import {
  fileKey,
  indexKey,
  jobEntryKey,
  jobKey,
  jobOfIndexKey,
  jobsOf,
  NAMES_PER_ITEM,
  namesKey,
  UNQUEUED,
} from './recordKeys';
import { readPage } from './tablePages';

/** Jobs that are read at once to be added up. */
const JOBS_PER_READ = 100;

/**
 * Nobody waits for a file of a job that was removed while a worker began with it: what was
 * noted of it goes by itself.
 */
const KEEP_BEGUN_SECONDS = 30 * 86_400;

/**
 * Keeps jobs and their files in the environment's table. A job is there as long as its index
 * is: removing an index hides its jobs at once, however many there are.
 *
 * @see docs/adr/0011-one-dynamodb-table.md
 */
export class DynamoDbVectorizeJobRepository implements VectorizeJobRepository {
  constructor(private readonly options: { table: DynamoTableClient }) {}

  async add(job: VectorizeJob, fileNames: string[]) {
    const { id, clientId, indexId, createdAt, totalFiles } = job;
    const place = { id, clientId, indexId, createdAt };
    const refusals = await this.options.table.transact([
      { key: indexKey(indexId), when: 'attribute_exists(pk)' },
      { put: toJobItem(job), when: 'attribute_not_exists(pk)' },
      { put: { ...jobEntryKey(job), job: place } },
      { put: { ...jobOfIndexKey(job), job: place } },
      { put: { pk: UNQUEUED, sk: id, totalFiles, createdAt } },
      ...putNames(id, fileNames),
    ]);
    if (refusals?.has(0)) throw noIndex();
    return refusals === undefined;
  }

  async find(clientId: string, jobId: string) {
    const item = await this.options.table.get(jobKey(jobId));
    if (item?.clientId !== clientId) return undefined;
    return (await this.hasIndex(item)) ? toJob(item) : undefined;
  }

  async list(clientId: string, page: PageRequest) {
    const { table } = this.options;
    const pk = jobsOf(clientId);
    const { entries, ...more } = await readPage(table, { pk, ...page });
    return { items: await this.readJobs(entries), ...more };
  }

  async sumByStatus(clientId: string, range: TimeRange) {
    const { table } = this.options;
    const sums = new JobSummation();
    let cursor: string | undefined;
    do {
      const page = { limit: JOBS_PER_READ, cursor, ...range };
      const read = await readPage(table, { pk: jobsOf(clientId), ...page });
      for (const job of await this.readJobs(read.entries)) {
        const { totalFiles, completedFiles, failedFiles, begun } = job;
        sums.add({ jobs: 1, totalFiles, completedFiles, failedFiles, begun });
      }
      cursor = read.nextCursor;
    } while (cursor !== undefined);
    return sums.toList();
  }

  async listFiles(clientId: string, jobId: string, page: PageRequest) {
    const { table } = this.options;
    const job = await this.find(clientId, jobId);
    if (!job) return undefined;
    const from = decodeNo(page.cursor);
    const to = Math.min(job.totalFiles, from + (page.limit ?? Infinity));
    const [names, files] = await Promise.all([
      readNames(table, jobId, { from, to }),
      table.queryAll({
        pk: jobKey(jobId).pk,
        sk: { from: fileKey(jobId, from).sk, to: fileKey(jobId, to).sk },
      }),
    ]);
    const bySk = new Map(files.map(file => [file.sk, file]));
    const items = names.map((fileName, at) => {
      const no = from + at;
      return toFile(bySk.get(fileKey(jobId, no).sk), { no, fileName });
    });
    const isLast = to >= job.totalFiles;
    return { items, ...(isLast ? {} : { nextCursor: encodeCursor(to) }) };
  }

  async markQueued(jobId: string) {
    const key = { pk: UNQUEUED, sk: jobId };
    await this.options.table.transact([{ key, delete: true }]);
  }

  async listUnqueued() {
    const items = await this.options.table.queryAll({ pk: UNQUEUED });
    return items
      .sort((a, b) => a.createdAt - b.createdAt)
      .map(({ sk, totalFiles, createdAt }) => ({
        ...{ jobId: sk, totalFiles, createdAt },
      }));
  }

  async beginFile(jobId: string, fileNo: number, now: number) {
    const { table } = this.options;
    const [item, block, file] = await table.getMany([
      jobKey(jobId),
      namesKey(jobId, blockOf(fileNo)),
      fileKey(jobId, fileNo),
    ]);
    const fileName = block?.names[fileNo % NAMES_PER_ITEM];
    if (!item || fileName === undefined || !(await this.hasIndex(item))) {
      return undefined;
    }
    const begun = file ?? (await this.noteBegun(jobId, fileNo, now));
    if (!item.begun) await this.noteJobBegun(jobId, now);
    const updatedAt = item.begun ? item.updatedAt : now;
    return {
      job: { ...toJob(item), begun: true, updatedAt },
      file: toFile(begun, { no: fileNo, fileName }),
      progress: begun?.progress ?? 0,
    };
  }

  async noteProgress(jobId: string, fileNo: number, position: number) {
    await this.options.table.update({
      key: fileKey(jobId, fileNo),
      set: 'SET progress = :position',
      when: '#status = :begun AND (attribute_not_exists(progress) OR progress < :position)',
      names: { '#status': 'status' },
      values: { ':position': position, ':begun': 'IN_PROGRESS' },
      answer: 'after',
    });
  }

  async countFailure(jobId: string, fileNo: number) {
    const item = await this.options.table.update({
      key: fileKey(jobId, fileNo),
      set: 'ADD failures :one',
      when: '#status = :begun',
      names: { '#status': 'status' },
      values: { ':one': 1, ':begun': 'IN_PROGRESS' },
      answer: 'after',
    });
    return item?.failures ?? 0;
  }

  /** One transaction: a file is counted by whoever ends it first, and only then. */
  async settleFile(
    jobId: string,
    fileNo: number,
    outcome: FileOutcome,
    now: number,
  ) {
    const { counter, detail } = outcomeOf(outcome);
    await this.options.table.transact([
      {
        key: fileKey(jobId, fileNo),
        set: 'SET #status = :status, #detail = :detail REMOVE #expiresAt',
        when: 'attribute_not_exists(pk) OR #status = :begun',
        names: {
          '#status': 'status',
          '#detail': detail.name,
          '#expiresAt': EXPIRY_ATTRIBUTE,
        },
        values: {
          ':status': outcome.status,
          ':detail': detail.value,
          ':begun': 'IN_PROGRESS',
        },
      },
      {
        key: jobKey(jobId),
        set: 'SET begun = :true, updatedAt = :now ADD #counter :one',
        when: 'attribute_exists(pk)',
        names: { '#counter': counter },
        values: { ':true': true, ':now': now, ':one': 1 },
      },
    ]);
  }

  async remove(clientId: string, jobId: string) {
    const job = await this.find(clientId, jobId);
    return job ? deleteJob(this.options.table, job) : false;
  }

  /** What is there now: another delivery may have begun, or ended it, since it was read. */
  private async noteBegun(
    jobId: string,
    fileNo: number,
    now: number,
  ): Promise<TableItem | undefined> {
    const { table } = this.options;
    const key = fileKey(jobId, fileNo);
    const noted = await table.update({
      key,
      set: 'SET #status = :begun, #expiresAt = :expiresAt',
      when: 'attribute_not_exists(pk)',
      names: { '#status': 'status', '#expiresAt': EXPIRY_ATTRIBUTE },
      values: {
        ':begun': 'IN_PROGRESS',
        ':expiresAt': Math.ceil(now / 1000) + KEEP_BEGUN_SECONDS,
      },
      answer: 'after',
    });
    return noted ?? table.get(key);
  }

  private async noteJobBegun(jobId: string, now: number): Promise<void> {
    await this.options.table.update({
      key: jobKey(jobId),
      set: 'SET begun = :true, updatedAt = :now',
      when: 'begun = :false',
      values: { ':true': true, ':false': false, ':now': now },
      answer: 'after',
    });
  }

  private async hasIndex({ indexId }: TableItem): Promise<boolean> {
    return (await this.options.table.get(indexKey(indexId))) !== undefined;
  }

  /** The jobs of entries, in their order, without those whose index is gone. */
  private async readJobs(entries: TableItem[]): Promise<VectorizeJob[]> {
    const { table } = this.options;
    const indexIds = [
      ...new Set(entries.map(({ job }) => job.indexId as string)),
    ];
    const [items, indexes] = await Promise.all([
      table.getMany(entries.map(({ job }) => jobKey(job.id))),
      table.getMany(indexIds.map(indexKey)),
    ]);
    const existing = new Set(indexIds.filter((_, at) => indexes[at]));
    return items
      .filter((item): item is TableItem => existing.has(item?.indexId))
      .map(toJob);
  }
}

/** 0 for a cursor that nobody was given. */
function decodeNo(cursor: string | undefined): number {
  const text = decodeCursor(cursor ?? '');
  return /^\d{1,6}$/.test(text) ? Number(text) : 0;
}

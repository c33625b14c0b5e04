import {
  LruCache,
  oneMore,
  type Page,
  type PageRequest,
  toPage,
} from '@genai-environments/service-kit';
import type {
  Change,
  DynamoTableClient,
  TableKey,
} from '@genai-environments/service-kit/aws';
import type { JobFile } from '../../domain/Job';
import type { NewFile } from '../../ports/DocumentJobRepository';
import { readKey } from '../cursors';
import {
  FILE_PREFIX,
  filesOf,
  type JobItem,
  jobKey,
  pointerKey,
  toFile,
  toFileItems,
} from './jobItems';

/** Items that are written or deleted before more are prepared. */
const ITEMS_AT_ONCE = 1500;

/** Files whose keys are remembered: those that are worked on. */
const REMEMBERED_KEYS = 1000;

/** Files of jobs: each an item in a partition of its job's files, and two that point at it. */
export class JobFiles {
  private readonly keys = new LruCache<string, TableKey>(REMEMBERED_KEYS);

  constructor(private readonly options: { table: DynamoTableClient }) {}

  /** Before their job is there, in a partition that nobody reads yet. */
  async putAll(
    filesId: string,
    files: readonly NewFile[],
    { now }: { now: number },
  ): Promise<void> {
    const items = files.flatMap((file, index) =>
      toFileItems(filesId, file, { now, index }),
    );
    for (let start = 0; start < items.length; start += ITEMS_AT_ONCE) {
      const slice = items.slice(start, start + ITEMS_AT_ONCE);
      await this.options.table.putMany(slice);
    }
  }

  async list(
    job: JobItem,
    { limit, cursor }: PageRequest,
  ): Promise<Page<JobFile>> {
    const after = cursor && readKey(cursor, { prefix: FILE_PREFIX });
    const items = await this.options.table.queryAll({
      pk: filesOf(job.filesId),
      // The next possible key; '~' is behind all digits.
      sk: { from: after ? `${after}!` : FILE_PREFIX, to: `${FILE_PREFIX}~` },
      limit: oneMore(limit),
    });
    return toPage(items, {
      limit,
      placeOf: ({ sk }) => sk,
      toItem: item => toFile(item, job),
    });
  }

  async find(
    job: JobItem,
    by: { fileId: string } | { fileName: string },
  ): Promise<JobFile | undefined> {
    const { table } = this.options;
    const pointer = await table.get(pointerKey(job.filesId, by));
    if (!pointer) return undefined;
    const item = await table.get({ pk: pointer.pk, sk: pointer.file });
    if (!item) return undefined;
    this.keys.set(`${job.id}#${item.id}`, { pk: item.pk, sk: item.sk });
    return toFile(item, job);
  }

  /** `undefined` when there is no such file. Keys never change, so they may be remembered. */
  async findKey(key: {
    jobId: string;
    fileId: string;
  }): Promise<TableKey | undefined> {
    const { jobId, fileId } = key;
    const known = this.keys.get(`${jobId}#${fileId}`);
    if (known) return known;
    const { table } = this.options;
    const job = await table.get(jobKey(jobId));
    if (!job) return undefined;
    const pointer = await table.get(pointerKey(job.filesId, { fileId }));
    return pointer && { pk: pointer.pk, sk: pointer.file };
  }

  /** In the order of the ids. */
  async findKeys(
    job: JobItem,
    fileIds: readonly string[],
  ): Promise<Array<TableKey | undefined>> {
    const pointers = await this.options.table.getMany(
      fileIds.map(fileId => pointerKey(job.filesId, { fileId })),
    );
    return pointers.map(
      pointer => pointer && { pk: pointer.pk, sk: pointer.file },
    );
  }

  /** The changes that add a file; the last one is refused when the name is taken. */
  toAdd(job: JobItem, file: NewFile, { now }: { now: number }): Change[] {
    const [item, byId, byName] = toFileItems(job.filesId, file, {
      now,
      index: 0,
    });
    return [
      { put: item },
      { put: byId },
      { put: byName, when: 'attribute_not_exists(pk)' },
    ];
  }

  async deleteAll(filesId: string): Promise<void> {
    const { table } = this.options;
    let keys: TableKey[] = [];
    const items = table.query({
      pk: filesOf(filesId),
      attributes: ['pk', 'sk'],
    });
    for await (const { pk, sk } of items) {
      keys.push({ pk, sk });
      if (keys.length < ITEMS_AT_ONCE) continue;
      await table.deleteMany(keys);
      keys = [];
    }
    await table.deleteMany(keys);
  }
}

import { InvalidInputError } from '@genai-environments/service-kit';
import {
  type Change,
  type DynamoTableClient,
  MAX_CHANGES,
} from '@genai-environments/service-kit/aws';
import { NAMES_PER_ITEM, namesKey } from './recordKeys';

/** Other changes of the transaction that adds a job. */
const RESERVED_CHANGES = 8;
/** A transaction holds 4 MB. */
const MAX_BYTES = 3_500_000;

/**
 * The names of a job's files, many per item, so that a job of thousands is added at once.
 *
 * @throws InvalidInputError (`too_many_files`)
 */
export function putNames(jobId: string, fileNames: string[]): Change[] {
  const changes: Change[] = [];
  for (let first = 0; first < fileNames.length; first += NAMES_PER_ITEM) {
    const names = fileNames.slice(first, first + NAMES_PER_ITEM);
    changes.push({ put: { ...namesKey(jobId, changes.length), names } });
  }
  const bytes = fileNames.reduce(
    (sum, name) => sum + Buffer.byteLength(name),
    0,
  );
  if (changes.length > MAX_CHANGES - RESERVED_CHANGES || bytes > MAX_BYTES) {
    throw new InvalidInputError(
      `The chunking job has ${fileNames.length} files whose names take ${bytes} bytes, more than one vectorization job holds. Chunk the files in several jobs.`,
      { code: 'too_many_files' },
    );
  }
  return changes;
}

/** @param range - numbers of files, `to` excluded */
export async function readNames(
  table: DynamoTableClient,
  jobId: string,
  { from, to }: { from: number; to: number },
): Promise<string[]> {
  if (from >= to) return [];
  const firstBlock = blockOf(from);
  const blocks = Array.from(
    { length: blockOf(to - 1) - firstBlock + 1 },
    (_, at) => namesKey(jobId, firstBlock + at),
  );
  const items = await table.getMany(blocks);
  const names = items.flatMap(item => (item?.names ?? []) as string[]);
  const skipped = from - firstBlock * NAMES_PER_ITEM;
  return names.slice(skipped, skipped + to - from);
}

export function blockOf(fileNo: number): number {
  return Math.floor(fileNo / NAMES_PER_ITEM);
}

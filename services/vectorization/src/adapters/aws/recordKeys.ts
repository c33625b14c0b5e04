import type { TableKey } from '@genai-environments/service-kit/aws';

/** Names of files per item: those of the longest names stay below 400 KB. */
export const NAMES_PER_ITEM = 128;

/** Indexes whose contents are to be removed. */
export const REMOVALS = 'vectors#removal';
/** Jobs whose messages may not all be in the queue. */
export const UNQUEUED = 'vectors#unqueued';

/** Orders items by when something was made, and those of one millisecond by id. */
export function madeAt(record: { id: string; createdAt: number }): string {
  return `${padTime(record.createdAt)}#${record.id}`;
}

export function padTime(milliseconds: number): string {
  return String(milliseconds).padStart(15, '0');
}

export function storesOf(clientId: string): string {
  return `vectors#stores#${clientId}`;
}

export function membersOf(storeId: string): string {
  return `vectors#store#${storeId}`;
}

export function storeKey(storeId: string): TableKey {
  return { pk: membersOf(storeId), sk: 'store' };
}

export function indexNameKey(index: {
  storeId: string;
  name: string;
}): TableKey {
  return { pk: membersOf(index.storeId), sk: `n#${index.name}` };
}

/** In front of {@link madeAt} of an index in its store. */
export const INDEX_PREFIX = 'i#';

export function indexEntryKey(index: {
  id: string;
  storeId: string;
  createdAt: number;
}): TableKey {
  return {
    pk: membersOf(index.storeId),
    sk: `${INDEX_PREFIX}${madeAt(index)}`,
  };
}

export function indexKey(indexId: string): TableKey {
  return { pk: `vectors#index#${indexId}`, sk: 'index' };
}

export const JOB_OF_INDEX_PREFIX = 'j#';

export function jobOfIndexKey(job: { id: string; indexId: string }): TableKey {
  return {
    pk: indexKey(job.indexId).pk,
    sk: `${JOB_OF_INDEX_PREFIX}${job.id}`,
  };
}

export function jobsOf(clientId: string): string {
  return `vectors#jobs#${clientId}`;
}

export function jobEntryKey(job: {
  id: string;
  clientId: string;
  createdAt: number;
}): TableKey {
  return { pk: jobsOf(job.clientId), sk: madeAt(job) };
}

export function jobKey(jobId: string): TableKey {
  return { pk: `vectors#job#${jobId}`, sk: 'job' };
}

export function fileKey(jobId: string, fileNo: number): TableKey {
  return {
    pk: jobKey(jobId).pk,
    sk: `f#${String(fileNo).padStart(6, '0')}`,
  };
}

/** @param block - counts groups of {@link NAMES_PER_ITEM} files from 0 */
export function namesKey(jobId: string, block: number): TableKey {
  return { pk: jobKey(jobId).pk, sk: `n#${String(block).padStart(4, '0')}` };
}

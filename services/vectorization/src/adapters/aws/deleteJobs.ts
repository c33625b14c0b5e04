import {
  type DynamoTableClient,
  MAX_CHANGES,
  type TableKey,
} from '@genai-environments/service-kit/aws';
import {
  indexKey,
  JOB_OF_INDEX_PREFIX,
  jobEntryKey,
  jobKey,
  jobOfIndexKey,
  UNQUEUED,
} from './recordKeys';

type JobPlace = {
  id: string;
  clientId: string;
  indexId: string;
  createdAt: number;
};

/**
 * Removes a job with all its items. What its index knows of it goes last, so that removing
 * the index finds what was interrupted.
 *
 * @returns `false` when it is gone already
 */
export async function deleteJob(
  table: DynamoTableClient,
  job: JobPlace,
): Promise<boolean> {
  const refusals = await table.transact([
    { key: jobKey(job.id), when: 'attribute_exists(pk)', delete: true },
    { key: jobEntryKey(job), delete: true },
    { key: { pk: UNQUEUED, sk: job.id }, delete: true },
  ]);
  await deleteAll(table, jobKey(job.id).pk);
  await table.transact([{ key: jobOfIndexKey(job), delete: true }]);
  return refusals === undefined;
}

/** Removes the jobs of an index whose record is gone. Safe to repeat. */
export async function deleteJobsOf(
  table: DynamoTableClient,
  indexId: string,
): Promise<void> {
  const entries = table.query({
    pk: indexKey(indexId).pk,
    sk: { beginsWith: JOB_OF_INDEX_PREFIX },
  });
  for await (const { job } of entries) await deleteJob(table, job as JobPlace);
}

async function deleteAll(table: DynamoTableClient, pk: string): Promise<void> {
  let keys: TableKey[] = [];
  const flush = async () => {
    if (keys.length === 0) return;
    await table.transact(keys.map(key => ({ key, delete: true as const })));
    keys = [];
  };
  for await (const item of table.query({ pk, attributes: ['pk', 'sk'] })) {
    keys.push({ pk: item.pk, sk: item.sk });
    if (keys.length === MAX_CHANGES) await flush();
  }
  await flush();
}

import type { TableItem } from '@genai-environments/service-kit/aws';
import type {
  FileOutcome,
  FileStatus,
  JobFile,
  VectorizeJob,
} from '../../domain/VectorizeJob';
import { jobKey } from './recordKeys';

/** Metadata as text: numbers of callers may be larger than DynamoDB's. */
export function toJobItem({ metadata, ...job }: VectorizeJob): TableItem {
  return { ...jobKey(job.id), ...job, metadata: JSON.stringify(metadata) };
}

export function toJob(item: TableItem): VectorizeJob {
  const { pk, sk, metadata, ...job } = item;
  return { ...job, metadata: JSON.parse(metadata) } as VectorizeJob;
}

/** @param item - absent until a worker begins with the file */
export function toFile(
  item: TableItem | undefined,
  { no, fileName }: { no: number; fileName: string },
): JobFile {
  return {
    no,
    fileName,
    status: (item?.status as FileStatus) ?? 'PENDING',
    ...(item?.chunkCount === undefined ? {} : { chunkCount: item.chunkCount }),
    ...(item?.reason === undefined ? {} : { reason: item.reason }),
  };
}

/** What an outcome says beside the status, for an update. */
export function outcomeOf(outcome: FileOutcome) {
  return outcome.status === 'COMPLETED'
    ? {
        counter: 'completedFiles',
        detail: { name: 'chunkCount', value: outcome.chunkCount },
      }
    : {
        counter: 'failedFiles',
        detail: { name: 'reason', value: outcome.reason },
      };
}

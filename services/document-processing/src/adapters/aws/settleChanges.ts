import type { Change, TableKey } from '@genai-environments/service-kit/aws';
import type { FileOutcome } from '../../domain/Job';
import { setAttributes } from './expressions';
import { jobKey } from './jobItems';

/** Counts files of a started job that have an outcome now. */
export function countSettled(
  jobId: string,
  counted: { completed: number; failed: number; now: number },
): Change {
  const { completed, failed, now } = counted;
  return {
    key: jobKey(jobId),
    set: `SET #updatedAt = :now ADD #completed :completed, #failed :failed`,
    when: '#state = :started',
    names: {
      '#updatedAt': 'updatedAt',
      '#completed': 'completedFiles',
      '#failed': 'failedFiles',
      '#state': 'state',
    },
    values: {
      ':now': now,
      ':completed': completed,
      ':failed': failed,
      ':started': 'started',
    },
  };
}

/** Gives a file its outcome, if it has none. */
export function settleFile(
  key: TableKey,
  outcome: FileOutcome,
  { now }: { now: number },
): Change {
  const { set, names, values } = setAttributes({ ...outcome, updatedAt: now });
  return {
    key,
    set,
    when: '#status = :pending',
    names,
    values: { ...values, ':pending': 'pending' },
  };
}

import type { EnvironmentEvent } from '@genai-environments/backstage-plugin-genai-environments-common';
import type { EnvironmentChange } from '../database/EnvironmentStore';
import { EnvironmentRow, toStatus } from '../database/rows';

/**
 * The change that asks for the teardown of an environment; nothing when somebody did
 * before. The reconciler sees it through: deletion is a wish like any other.
 */
export function requestDeletion(
  row: EnvironmentRow,
  request: {
    at: number;
    by: string;
    event: Pick<EnvironmentEvent, 'type' | 'reason' | 'message' | 'actor'>;
  },
): EnvironmentChange | undefined {
  if (row.deletion_requested_at !== null) return undefined;
  const phase = 'Deleting';
  return {
    set: {
      deletion_requested_at: request.at,
      deletion_requested_by: request.by,
      phase,
      status: JSON.stringify({ ...toStatus(row), phase }),
    },
    events: [{ ...request.event, phase }],
    wake: true,
  };
}

import { ConflictError } from '@backstage/errors';
import type {
  EnvironmentSpec,
  ServiceName,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { EnvironmentChange } from '../database/EnvironmentStore';
import type { EnvironmentRow } from '../database/rows';
import { changeSpec } from './changeSpec';

/** A double click and a repeat after a lost answer come within that time. */
const SAME_REQUEST_MS = 1000;

/**
 * The change that asks for the restart of a service. Nothing when the same was asked for
 * within the last second and is not in force yet: that is one request sent twice. Pure.
 *
 * @throws ConflictError while the environment sleeps
 */
export function planRestart(
  row: EnvironmentRow,
  request: { service: ServiceName; now: number; actor: string },
): EnvironmentChange | undefined {
  const { service, now, actor } = request;
  const spec: EnvironmentSpec = JSON.parse(row.spec);
  assertAwake(row, spec);
  const restarts = Object.values(spec.restarts ?? {}).map(at => Date.parse(at));
  const last = spec.restarts?.[service];
  const isUnderWay = row.observed_generation < row.generation;
  if (last && isUnderWay && now - Date.parse(last) < SAME_REQUEST_MS) {
    return undefined;
  }
  // Later than all before, whatever the clock says: provisioners that run services
  // together look at the latest of their restarts.
  const at = Math.max(now, ...restarts.map(time => time + 1));
  return changeSpec(
    row,
    {
      ...spec,
      restarts: { ...spec.restarts, [service]: new Date(at).toISOString() },
    },
    {
      type: 'Normal',
      reason: 'RestartRequested',
      message: `A restart of service ${service} was requested.`,
      actor,
    },
  );
}

function assertAwake({ name }: EnvironmentRow, spec: EnvironmentSpec): void {
  if (!spec.hibernated) return;
  throw new ConflictError(
    `Environment ${name} is hibernated, so nothing runs that could be restarted. Wake it: all its services start anew.`,
  );
}

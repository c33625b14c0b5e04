import { isDeepStrictEqual } from 'node:util';
import type {
  EnvironmentSpec,
  UpdateEnvironmentRequest,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { lifetimeMs } from '../config';
import type { EnvironmentChange } from '../database/EnvironmentStore';
import type { NewEvent } from '../database/EventStore';
import { EnvironmentRow, toStatus } from '../database/rows';
import { expiry } from './admission';
import { phaseOfChange } from './changeSpec';

/** The change that an update makes; nothing when all is so already. Pure. */
export function planUpdate(
  row: EnvironmentRow,
  update: UpdateEnvironmentRequest,
  context: { now: number; actor: string },
): EnvironmentChange | undefined {
  const { expiresAfter, ...fields } = update;
  const before: EnvironmentSpec = JSON.parse(row.spec);
  const spec = { ...before, ...fields };
  const specChanged = !isDeepStrictEqual(spec, before);
  if (!specChanged && expiresAfter === undefined) return undefined;

  const set: Partial<EnvironmentRow> = {};
  const events: NewEvent[] = [];
  const phase = specChanged ? phaseOfChange(row.phase) : row.phase;
  if (expiresAfter !== undefined) {
    const times = expiry(context.now, lifetimeMs(expiresAfter));
    Object.assign(set, times);
    events.push({
      type: 'Normal',
      reason: 'LifetimeChanged',
      message: `Environment ${row.name} now lives until ${new Date(
        times.expires_at,
      ).toISOString()}.`,
      phase: row.phase,
      actor: context.actor,
    });
  }
  if (specChanged) {
    set.spec = JSON.stringify(spec);
    set.generation = row.generation + 1;
    set.phase = phase;
    set.status = JSON.stringify({ ...toStatus(row), phase });
    events.push({
      type: 'Normal',
      reason: 'UpdateRequested',
      message: `A change of ${changedFields(before, spec)} was requested.`,
      phase,
      actor: context.actor,
    });
  }
  return { set, events, wake: specChanged };
}

function changedFields(
  before: EnvironmentSpec,
  after: EnvironmentSpec,
): string {
  return (Object.keys(after) as Array<keyof EnvironmentSpec>)
    .filter(key => !isDeepStrictEqual(before[key], after[key]))
    .join(' and ');
}

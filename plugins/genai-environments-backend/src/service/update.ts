import { isDeepStrictEqual } from 'node:util';
import type {
  EnvironmentSpec,
  UpdateEnvironmentRequest,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { lifetimeMs } from '../config';
import type { EnvironmentChange } from '../database/EnvironmentStore';
import type { NewEvent } from '../database/EventStore';
import type { EnvironmentRow } from '../database/rows';
import { expiry } from './admission';
import { changeSpec } from './changeSpec';

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
  if (!specChanged) return { set, events, wake: false };
  const change = changeSpec(row, spec, {
    type: 'Normal',
    reason: 'UpdateRequested',
    message: `A change of ${changedFields(before, spec)} was requested.`,
    actor: context.actor,
  });
  return {
    ...change,
    set: { ...set, ...change.set },
    events: [...events, ...change.events],
  };
}

function changedFields(
  before: EnvironmentSpec,
  after: EnvironmentSpec,
): string {
  return (Object.keys(after) as Array<keyof EnvironmentSpec>)
    .filter(key => !isDeepStrictEqual(before[key], after[key]))
    .join(' and ');
}

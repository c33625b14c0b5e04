import type {
  EnvironmentSpec,
  Phase,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { EnvironmentChange } from '../database/EnvironmentStore';
import type { NewEvent } from '../database/EventStore';
import { EnvironmentRow, toStatus } from '../database/rows';

/**
 * The change that makes `spec` what is wanted, as one event tells. Pure.
 *
 * @param phase - default: as fits any change of what runs
 */
export function changeSpec(
  row: EnvironmentRow,
  spec: EnvironmentSpec,
  event: Omit<NewEvent, 'phase'>,
  phase: Phase = phaseOfChange(row.phase),
): EnvironmentChange {
  return {
    set: {
      spec: JSON.stringify(spec),
      generation: row.generation + 1,
      phase,
      status: JSON.stringify({ ...toStatus(row), phase }),
    },
    events: [{ ...event, phase }],
    wake: true,
  };
}

/** So that nobody takes the readiness of the last spec for that of the new one. */
function phaseOfChange(phase: Phase): Phase {
  const stay: Phase[] = ['Pending', 'Provisioning', 'Hibernating'];
  if (stay.includes(phase)) return phase;
  return phase === 'Hibernated' ? 'Hibernating' : 'Updating';
}

import type {
  EnvironmentSpec,
  Phase,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { EnvironmentChange } from '../database/EnvironmentStore';
import { EnvironmentRow, toStatus } from '../database/rows';

/** The change that puts an environment to sleep or wakes it; nothing when it is so. Pure. */
export function planHibernation(
  row: EnvironmentRow,
  request: { hibernated: boolean; actor: string },
): EnvironmentChange | undefined {
  const { hibernated, actor } = request;
  const { hibernated: before = false, ...spec }: EnvironmentSpec = JSON.parse(
    row.spec,
  );
  if (before === hibernated) return undefined;
  const phase: Phase = hibernated ? 'Hibernating' : 'Updating';
  return {
    set: {
      spec: JSON.stringify(hibernated ? { ...spec, hibernated } : spec),
      generation: row.generation + 1,
      phase,
      status: JSON.stringify({ ...toStatus(row), phase }),
    },
    events: [
      {
        type: 'Normal',
        reason: hibernated ? 'HibernationRequested' : 'WakeRequested',
        message: hibernated
          ? `The hibernation of environment ${row.name} was requested.`
          : `Environment ${row.name} was asked to wake.`,
        ...{ phase, actor },
      },
    ],
    wake: true,
  };
}

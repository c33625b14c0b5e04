import type { EnvironmentSpec } from '@genai-environments/backstage-plugin-genai-environments-common';
import type { EnvironmentChange } from '../database/EnvironmentStore';
import type { EnvironmentRow } from '../database/rows';
import { changeSpec } from './changeSpec';

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
  return changeSpec(
    row,
    hibernated ? { ...spec, hibernated } : spec,
    {
      type: 'Normal',
      reason: hibernated ? 'HibernationRequested' : 'WakeRequested',
      message: hibernated
        ? `The hibernation of environment ${row.name} was requested.`
        : `Environment ${row.name} was asked to wake.`,
      actor,
    },
    hibernated ? 'Hibernating' : 'Updating',
  );
}

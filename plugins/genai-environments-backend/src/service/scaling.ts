import type {
  EnvironmentSpec,
  ServiceName,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { EnvironmentChange } from '../database/EnvironmentStore';
import type { EnvironmentRow } from '../database/rows';
import { changeSpec } from './changeSpec';

/** The change that lets so many tasks of a service run; nothing when it is so. Pure. */
export function planScaling(
  row: EnvironmentRow,
  request: { service: ServiceName; tasks: number; actor: string },
): EnvironmentChange | undefined {
  const { service, tasks, actor } = request;
  const spec: EnvironmentSpec = JSON.parse(row.spec);
  const before = spec.tasks?.[service];
  if (before === tasks) return undefined;
  const many = tasks === 1 ? '1 task' : `${tasks} tasks`;
  return changeSpec(
    row,
    { ...spec, tasks: { ...spec.tasks, [service]: tasks } },
    {
      type: 'Normal',
      reason: 'ScaleRequested',
      message: `Service ${service} was asked to run at least ${many}${
        before === undefined ? '' : ` instead of ${before}`
      }${spec.hibernated ? ', once the environment is awake' : ''}.`,
      actor,
    },
  );
}

import {
  type ServiceName,
  serviceNameSchema,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { EnvironmentBlueprint, StackBlueprint } from '../blueprints/types';
import { hostsOf } from '../stacks/operations';

/** Where an environment's lines are. */
export type LogGroup = {
  name: string;
  /** Of all its lines; absent: they say it themselves. */
  service?: ServiceName;
  /** Which lines of a group that several services share. */
  pattern?: string;
};

/** The log groups of an environment, or those that have lines of a service. */
export function logGroupsOf(
  { services }: EnvironmentBlueprint,
  environmentName: string,
  service?: ServiceName,
): LogGroup[] {
  return services.ecsServices.flatMap((ecsService): LogGroup[] => {
    const writers = writersOf(ecsService);
    if (service && !writers.includes(service)) return [];
    const task = ecsService.name.replace('{name}-', '');
    const name = `/genai/${environmentName}/${task}`;
    if (writers.length === 1) return [{ name, service: writers[0] }];
    return [{ name, pattern: service && `{ $.service = "${service}" }` }];
  });
}

/** Workers write for the service that has the requests their work comes from. */
function writersOf(
  ecsService: StackBlueprint['ecsServices'][number],
): ServiceName[] {
  const hosts = hostsOf(ecsService);
  if (hosts.length > 0) return hosts.map(host => serviceNameSchema.parse(host));
  return ecsService.workers.includes('vectorization')
    ? ['vectorization']
    : ['document-processing'];
}

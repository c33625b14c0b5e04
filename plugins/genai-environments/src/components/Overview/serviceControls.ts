import type {
  Environment,
  Phase,
  ServiceName,
  ServiceStatus,
} from '@genai-environments/backstage-plugin-genai-environments-common';

/** What the user wants to do with which service. */
export type ServiceAction = {
  kind: 'restart' | 'scale';
  name: ServiceName;
  tasks?: ServiceStatus['tasks'];
};

const STARTS = 'The environment starts for the first time.';
const SLEEPS = 'Nothing runs while the environment is hibernated.';
const ENDS = 'The environment is being torn down.';

const REFUSALS: Partial<Record<Phase, string>> = {
  Pending: STARTS,
  Provisioning: STARTS,
  Hibernating: SLEEPS,
  Hibernated: SLEEPS,
  Deleting: ENDS,
  Deleted: ENDS,
};

/** Why services can neither be restarted nor scaled now; `undefined` when they can. */
export function refusalOf(environment: Environment): string | undefined {
  if (environment.deletionRequestedAt) return ENDS;
  return REFUSALS[environment.status.phase];
}

/** The name when the environment was asked to run that service, and so can restart it. */
export function ownServiceName(
  environment: Environment,
  name: string,
): ServiceName | undefined {
  return environment.spec.services.find(service => service === name);
}

/** How many processes a service is: `2 of 3 tasks`, or `3 tasks` when all run. */
export function tasksText(tasks: NonNullable<ServiceStatus['tasks']>): string {
  const { running, desired } = tasks;
  const noun = desired === 1 ? 'task' : 'tasks';
  return running === desired
    ? `${desired} ${noun}`
    : `${running} of ${desired} ${noun}`;
}

import type { EnvironmentSpec } from '@genai-environments/backstage-plugin-genai-environments-common';
import { randomUUID } from 'node:crypto';
import type { DesiredApplication, DesiredEnvironment } from '../../provisioner';

/** An environment as it is when it was just asked for. */
export function newEnvironment(
  spec: EnvironmentSpec,
  applications: DesiredApplication[],
): DesiredEnvironment {
  const uid = randomUUID();
  return {
    uid,
    name: `contract-${uid.slice(0, 8)}`,
    owner: 'group:default/contract',
    generation: 1,
    spec,
    deletionRequested: false,
    applications,
    status: {
      phase: 'Pending',
      observedGeneration: 0,
      conditions: [],
      services: [],
      outputs: {},
    },
  };
}

export function newApplication(
  name: string,
  change: Partial<DesiredApplication> = {},
): DesiredApplication {
  const id = randomUUID();
  return {
    id,
    clientId: id.replaceAll('-', ''),
    name,
    kind: 'external',
    scopes: ['genaifoundations/read'],
    enabled: true,
    secretVersion: 1,
    revision: 1,
    ...change,
  };
}

import type { Environment } from '@genai-environments/backstage-plugin-genai-environments-common';

/** An environment that is Ready; `overrides` replace whole fields. */
export function readyEnvironment(
  name: string,
  overrides: Partial<Environment> = {},
): Environment {
  const at = '2026-03-01T08:00:00.000Z';
  return {
    uid: `uid-of-${name}`,
    name,
    owner: 'group:default/payments',
    createdBy: 'user:default/ada',
    createdAt: at,
    updatedAt: at,
    generation: 1,
    spec: {
      provisioner: 'local',
      tier: 'sandbox',
      region: 'local',
      models: ['local.extractive'],
      services: ['model-invocation', 'app'],
      app: {
        repository: 'file:///data/repositories/orders',
        catalogSource: 'environment',
      },
    },
    status: {
      phase: 'Ready',
      observedGeneration: 1,
      conditions: [],
      services: [{ name: 'model-invocation', health: 'healthy' }],
      outputs: {
        endpoint: 'http://127.0.0.1:40001',
        tokenUrl: 'http://127.0.0.1:40001/oauth2/token',
        appUrl: 'http://127.0.0.1:40001/app/',
      },
    },
    ...overrides,
  };
}

/** The same environment in another phase; no outputs unless it has been Ready. */
export function inPhase(
  environment: Environment,
  phase: Environment['status']['phase'],
): Environment {
  const started = phase !== 'Pending' && phase !== 'Provisioning';
  return {
    ...environment,
    status: {
      ...environment.status,
      phase,
      outputs: started ? environment.status.outputs : {},
    },
  };
}

export const OPEN_API = {
  openapi: '3.1.0',
  info: { title: 'orders', version: '1' },
  paths: {},
};

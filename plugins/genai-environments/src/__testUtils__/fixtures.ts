import type {
  Application,
  Environment,
  EnvironmentStatus,
} from '@genai-environments/backstage-plugin-genai-environments-common';

const CREATED_AT = '2026-03-02T09:00:00.000Z';

/** A Ready environment; `status` is merged, everything else replaced. */
export function environmentFixture(
  overrides: Partial<Omit<Environment, 'status'>> & {
    status?: Partial<EnvironmentStatus>;
  } = {},
): Environment {
  const { status, ...rest } = overrides;
  const name = rest.name ?? 'invoice-bot';
  return {
    uid: `uid-${name}`,
    name,
    owner: 'group:default/payments',
    createdBy: 'user:default/ada',
    createdAt: CREATED_AT,
    updatedAt: CREATED_AT,
    expiresAt: inDays(6.1),
    generation: 1,
    spec: {
      provisioner: 'local',
      tier: 'sandbox',
      region: 'local',
      models: ['local.extractive', 'local.embedding'],
      services: ['model-invocation', 'prompt-management', 'app'],
    },
    ...rest,
    status: {
      phase: 'Ready',
      observedGeneration: 1,
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'ServicesHealthy',
          message: 'All services answer.',
          lastTransitionAt: CREATED_AT,
        },
      ],
      services: [
        {
          name: 'model-invocation',
          health: 'healthy',
          startedAt: CREATED_AT,
        },
        { name: 'app', health: 'healthy', startedAt: CREATED_AT },
      ],
      outputs: {
        endpoint: 'http://127.0.0.1:4010',
        tokenUrl: 'http://127.0.0.1:4010/oauth2/token',
        issuer: 'http://127.0.0.1:4010',
        appUrl: 'http://127.0.0.1:4010/app/',
      },
      ...status,
    },
  };
}

export function applicationFixture(
  overrides: Partial<Application> = {},
): Application {
  const name = overrides.name ?? 'default';
  return {
    id: `app-${name}`,
    name,
    clientId: `client-${name}`,
    scopes: ['genaifoundations/read'],
    enabled: true,
    kind: 'external',
    secretVersion: 1,
    secretState: 'available',
    observed: true,
    createdAt: CREATED_AT,
    createdBy: 'user:default/ada',
    ...overrides,
  };
}

/** ISO time that many days from now. */
export function inDays(days: number): string {
  return new Date(Date.now() + days * 24 * 3600_000).toISOString();
}

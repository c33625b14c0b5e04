import { createHash, randomBytes, randomUUID } from 'node:crypto';
import {
  CreateEnvironmentRequest,
  DEFAULT_APPLICATION_SCOPES,
  EnvironmentStatus,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { NewEnvironment } from '../database/EnvironmentStore';
import type { ApplicationRow, EnvironmentRow } from '../database/rows';

const DAY_MS = 24 * 3_600_000;

/** The records that a request for an environment becomes. */
export function newEnvironment(options: {
  request: CreateEnvironmentRequest;
  createdBy: string;
  lifetimeMs: number;
  now: number;
}): NewEnvironment {
  const { request, createdBy, lifetimeMs, now } = options;
  const { name, owner, expiresAfter: _, requestId, ...spec } = request;
  const status: EnvironmentStatus = {
    phase: 'Pending',
    observedGeneration: 0,
    conditions: [],
    services: [],
    outputs: {},
  };
  const row: EnvironmentRow = {
    uid: randomUUID(),
    name,
    active_name: name,
    owner,
    tier: request.tier,
    created_by: createdBy,
    request_id: requestId ?? null,
    request_hash: hashRequest(request),
    spec: JSON.stringify(spec),
    generation: 1,
    created_at: now,
    updated_at: now,
    ...expiry(now, lifetimeMs),
    deletion_requested_at: null,
    deletion_requested_by: null,
    deleted_at: null,
    status: JSON.stringify(status),
    phase: status.phase,
    observed_generation: 0,
    last_sequence: 0,
    next_reconcile_at: now,
    wake_count: 0,
    failures: 0,
    lease_owner: null,
    lease_epoch: 0,
    lease_expires_at: null,
  };
  return {
    row,
    applications: firstApplications(row, request),
    events: [
      {
        type: 'Normal',
        reason: 'Created',
        message: `Environment ${name} was requested for ${owner}.`,
        phase: status.phase,
        actor: createdBy,
      },
    ],
  };
}

/**
 * Whether the record was made by an earlier run of the task that asks again. Its plan
 * may leave out what the create adds, such as the address of the app's repository.
 */
export function isSameTask(
  row: EnvironmentRow,
  request: CreateEnvironmentRequest,
  createdBy: string,
): boolean {
  return (
    request.requestId !== undefined &&
    row.deletion_requested_at === null &&
    row.created_by === createdBy &&
    row.request_id === request.requestId
  );
}

/** Whether the record stands for a repeat of the request that made it. */
export function isRepeat(
  row: EnvironmentRow,
  request: CreateEnvironmentRequest,
  createdBy: string,
): boolean {
  return (
    row.deletion_requested_at === null &&
    row.created_by === createdBy &&
    row.request_id === (request.requestId ?? null) &&
    row.request_hash === hashRequest(request)
  );
}

/** The end of a life that begins now; the warning comes at its last tenth, or day. */
export function expiry(now: number, lifetimeMs: number) {
  return {
    expires_at: now + lifetimeMs,
    expiry_warning_at: now + lifetimeMs - Math.min(DAY_MS, lifetimeMs / 10),
  };
}

/** The first record of an application; the reconciler gives it access. */
export function newApplication(options: {
  environment: Pick<EnvironmentRow, 'uid' | 'name'>;
  name: string;
  description?: string;
  kind: ApplicationRow['kind'];
  scopes?: string[];
  createdBy: string;
  now: number;
}): ApplicationRow {
  const { environment, name, now } = options;
  return {
    id: randomUUID(),
    environment_uid: environment.uid,
    name,
    active_name: name,
    client_id: `${environment.name}-${name}-${randomBytes(5).toString('hex')}`,
    description: options.description ?? null,
    kind: options.kind,
    scopes: JSON.stringify(options.scopes ?? DEFAULT_APPLICATION_SCOPES),
    enabled: true,
    revision: 1,
    observed_revision: 0,
    secret_version: 1,
    secret_revision: 1,
    revealed_version: 0,
    revealed_at: null,
    revealed_by: null,
    rotated_at: null,
    created_at: now,
    created_by: options.createdBy,
    deletion_requested_at: null,
  };
}

function firstApplications(
  environment: EnvironmentRow,
  request: CreateEnvironmentRequest,
): ApplicationRow[] {
  const common = {
    environment,
    createdBy: environment.created_by,
    now: Number(environment.created_at),
  };
  const applications = [
    newApplication({
      ...common,
      name: 'default',
      description: 'Made together with the environment',
      kind: 'external',
    }),
  ];
  if (request.services.includes('app')) {
    applications.push(
      newApplication({
        ...common,
        name: 'project-app',
        description: "The project's own app",
        kind: 'project-app',
      }),
    );
  }
  return applications;
}

function hashRequest({
  requestId: _,
  ...request
}: CreateEnvironmentRequest): string {
  return createHash('sha256').update(canonical(request)).digest('hex');
}

/** JSON with sorted keys: the order of fields does not make another request. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort())
      : inner,
  );
}

import type {
  Application,
  Environment,
  EnvironmentEvent,
  EnvironmentStatus,
  Phase,
} from '@genai-environments/backstage-plugin-genai-environments-common';

/** PostgreSQL answers `bigint` as text. */
type Time = number | string;

/** One row of `environments`. */
export type EnvironmentRow = {
  uid: string;
  name: string;
  active_name: string | null;
  owner: string;
  tier: string;
  created_by: string;
  request_id: string | null;
  request_hash: string;
  spec: string;
  generation: number;
  created_at: Time;
  updated_at: Time;
  expires_at: Time | null;
  expiry_warning_at: Time | null;
  deletion_requested_at: Time | null;
  deletion_requested_by: string | null;
  deleted_at: Time | null;
  status: string;
  phase: Phase;
  observed_generation: number;
  last_sequence: number;
  next_reconcile_at: Time | null;
  wake_count: number;
  failures: number;
  lease_owner: string | null;
  lease_epoch: number;
  lease_expires_at: Time | null;
};

/** One row of `environment_events`. */
export type EventRow = {
  environment_uid: string;
  sequence: number;
  at: Time;
  type: EnvironmentEvent['type'];
  reason: string;
  message: string;
  phase: Phase;
  actor: string | null;
};

/** One row of `applications`. */
export type ApplicationRow = {
  id: string;
  environment_uid: string;
  name: string;
  active_name: string | null;
  client_id: string;
  description: string | null;
  kind: Application['kind'];
  scopes: string;
  enabled: boolean | number;
  revision: number;
  observed_revision: number;
  secret_version: number;
  secret_revision: number;
  revealed_version: number;
  revealed_at: Time | null;
  revealed_by: string | null;
  rotated_at: Time | null;
  created_at: Time;
  created_by: string;
  deletion_requested_at: Time | null;
};

export function toEnvironment(row: EnvironmentRow): Environment {
  return {
    uid: row.uid,
    name: row.name,
    owner: row.owner,
    createdBy: row.created_by,
    createdAt: toIso(row.created_at),
    updatedAt: toIso(row.updated_at),
    expiresAt: toOptionalIso(row.expires_at),
    deletionRequestedAt: toOptionalIso(row.deletion_requested_at),
    deletionRequestedBy: row.deletion_requested_by ?? undefined,
    generation: row.generation,
    spec: JSON.parse(row.spec),
    status: toStatus(row),
  };
}

export function toStatus(row: EnvironmentRow): EnvironmentStatus {
  return JSON.parse(row.status);
}

export function toEvent(row: EventRow): EnvironmentEvent {
  return {
    sequence: row.sequence,
    at: toIso(row.at),
    type: row.type,
    reason: row.reason,
    message: row.message,
    phase: row.phase,
    actor: row.actor ?? undefined,
  };
}

export function toApplication(row: ApplicationRow): Application {
  return {
    id: row.id,
    name: row.name,
    description: row.description ?? undefined,
    clientId: row.client_id,
    scopes: JSON.parse(row.scopes),
    enabled: Boolean(row.enabled),
    kind: row.kind,
    secretVersion: row.secret_version,
    secretState: secretStateOf(row),
    observed: row.observed_revision >= row.revision,
    createdAt: toIso(row.created_at),
    createdBy: row.created_by,
    rotatedAt: toOptionalIso(row.rotated_at),
    revealedAt: toOptionalIso(row.revealed_at),
    revealedBy: row.revealed_by ?? undefined,
  };
}

function secretStateOf(row: ApplicationRow): Application['secretState'] {
  if (row.kind === 'project-app') return 'managed';
  if (row.revealed_version >= row.secret_version) return 'revealed';
  // Switching an application off leaves its secret as it is, hence not `revision`.
  return row.observed_revision >= row.secret_revision ? 'available' : 'pending';
}

function toIso(time: Time): string {
  return new Date(Number(time)).toISOString();
}

function toOptionalIso(time: Time | null): string | undefined {
  return time === null ? undefined : toIso(time);
}

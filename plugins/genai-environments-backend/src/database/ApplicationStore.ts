import { NotFoundError } from '@backstage/errors';
import type { DesiredApplication } from '@genai-environments/backstage-plugin-genai-environments-node';
import type { Knex } from 'knex';
import type { ApplicationRow } from './rows';

/** Records of applications. Mutations happen under the lock of their environment. */
export class ApplicationStore {
  constructor(private readonly knex: Knex) {}

  /** Applications that shall exist, oldest first. */
  list(environmentUid: string): Promise<ApplicationRow[]> {
    return this.knex<ApplicationRow>('applications')
      .where('environment_uid', environmentUid)
      .whereNotNull('active_name')
      .orderBy([{ column: 'created_at' }, { column: 'name' }]);
  }

  /** One application that shall exist. */
  private find(
    environmentUid: string,
    id: string,
    knex: Knex,
  ): Promise<ApplicationRow | undefined> {
    return knex<ApplicationRow>('applications')
      .where({ environment_uid: environmentUid, id })
      .whereNotNull('active_name')
      .first();
  }

  /** @throws NotFoundError when there is no such application. */
  async require(
    environment: { uid: string; name: string },
    id: string,
    knex: Knex = this.knex,
  ): Promise<ApplicationRow> {
    const row = await this.find(environment.uid, id, knex);
    if (row) return row;
    throw new NotFoundError(
      `Environment ${environment.name} has no application with id "${id}".`,
    );
  }

  /** `true` until the reconciler has seen the removal through. */
  async isPresent(id: string): Promise<boolean> {
    return Boolean(await this.knex('applications').where('id', id).first('id'));
  }

  /**
   * Claims the one reveal of the current secret. Of any number of concurrent callers
   * exactly one gets `true`.
   */
  async claimReveal(
    row: ApplicationRow,
    claim: { at: number; by: string },
  ): Promise<boolean> {
    const claimed = await this.knex('applications')
      .where({ id: row.id, secret_version: row.secret_version })
      .whereNotNull('active_name')
      .andWhere('revealed_version', '<', row.secret_version)
      .andWhereRaw('observed_revision >= secret_revision')
      .update({
        revealed_version: row.secret_version,
        revealed_at: claim.at,
        revealed_by: claim.by,
      });
    return claimed === 1;
  }

  /** Takes a claim back after the secret provably stayed where it was. */
  async returnClaim(row: ApplicationRow): Promise<void> {
    await this.knex('applications')
      .where({
        id: row.id,
        secret_version: row.secret_version,
        revealed_version: row.secret_version,
      })
      .update({
        revealed_version: row.revealed_version,
        revealed_at: row.revealed_at,
        revealed_by: row.revealed_by,
      });
  }
}

/** Applications as the provisioner shall make them, and those it shall remove. */
export async function loadDesiredApplications(
  knex: Knex,
  environmentUid: string,
): Promise<{
  desired: DesiredApplication[];
  removedIds: string[];
  /** All are in force as far as is known, and none is to be removed. */
  observed: boolean;
}> {
  const rows = await knex<ApplicationRow>('applications')
    .where('environment_uid', environmentUid)
    .orderBy([{ column: 'created_at' }, { column: 'name' }]);
  return {
    desired: rows.filter(row => row.active_name !== null).map(toDesired),
    removedIds: rows.filter(row => row.active_name === null).map(row => row.id),
    observed: rows.every(
      row => row.active_name !== null && row.observed_revision >= row.revision,
    ),
  };
}

/** Notes which applications are in force and forgets those that were removed. */
export async function recordObservedApplications(
  tx: Knex.Transaction,
  options: {
    environmentUid: string;
    observed: Array<{ id: string; revision: number; clientId?: string }>;
    removedIds: string[];
  },
): Promise<number> {
  const mine = () =>
    tx('applications').where('environment_uid', options.environmentUid);
  let changed = 0;
  for (const { id, revision, clientId } of options.observed) {
    if (clientId !== undefined) {
      changed += await mine()
        .where('id', id)
        .andWhereNot('client_id', clientId)
        .update({ client_id: clientId });
    }
    changed += await mine()
      .where('id', id)
      .andWhere('observed_revision', '<', revision)
      .update({ observed_revision: revision });
  }
  if (options.removedIds.length > 0) {
    changed += await mine().whereIn('id', options.removedIds).delete();
  }
  return changed;
}

function toDesired(row: ApplicationRow): DesiredApplication {
  return {
    id: row.id,
    clientId: row.client_id,
    name: row.name,
    kind: row.kind,
    scopes: JSON.parse(row.scopes),
    enabled: Boolean(row.enabled),
    secretVersion: row.secret_version,
    revision: row.revision,
  };
}

import { ConflictError } from '@genai-environments/service-kit';
import {
  type Change,
  type DynamoTableClient,
  insist,
  type TableItem,
} from '@genai-environments/service-kit/aws';

/** What the table knows of an application; the pool has its credentials. */
export type ApplicationRecord = {
  clientId: string;
  name: string;
  description: string;
  scopes: string[];
  /** What the portal decides; always true for those of `administration`. */
  enabled: boolean;
  /** What administrators decide, beside the portal. */
  deactivated: boolean;
  managedBy: 'portal' | 'administration';
  /** Milliseconds since 1970. */
  createdAt?: number;
  /** Of the portal's record, as it told it last. */
  revision: number;
};

/** What the portal tells of an application. */
export type PortalApplication = Pick<
  ApplicationRecord,
  'clientId' | 'name' | 'scopes' | 'enabled' | 'revision'
>;

const APPLICATIONS = 'applications';
const REVISION = { pk: 'applications#revision', sk: 'revision' };

/**
 * The applications in the environment's table. Every change counts the revision up in the
 * same transaction, so that other processes see that there is one.
 *
 * @throws DependencyError from all of them
 * @see docs/adr/0011-one-dynamodb-table.md
 */
export class ApplicationRecords {
  constructor(private readonly table: DynamoTableClient) {}

  /** Grows with every change. */
  async revision(): Promise<number> {
    return (await this.table.get(REVISION))?.revision ?? 0;
  }

  async get(clientId: string): Promise<ApplicationRecord | undefined> {
    const item = await this.table.get(keyOf(clientId));
    return item && toRecord(item);
  }

  /** By client id ascending; reads no more than it answers. */
  async list(
    page: { limit?: number; after?: string } = {},
  ): Promise<ApplicationRecord[]> {
    const items = await this.table.queryAll({
      pk: APPLICATIONS,
      limit: page.limit,
      ...(page.after === undefined ? {} : { sk: { after: page.after } }),
    });
    return items.map(toRecord);
  }

  /** Writes over what is there. */
  async put(record: ApplicationRecord): Promise<void> {
    await this.change({ put: { ...keyOf(record.clientId), ...record } });
  }

  /** `false`, changing nothing, when there is one already. */
  async add(record: ApplicationRecord): Promise<boolean> {
    return this.change({
      put: { ...keyOf(record.clientId), ...record },
      when: 'attribute_not_exists(pk)',
    });
  }

  async delete(clientId: string): Promise<void> {
    await this.change({ key: keyOf(clientId), delete: true });
  }

  /**
   * Makes what the portal decides so, and leaves what administrators decided.
   *
   * @throws ConflictError (`not_of_portal`)
   */
  async putPortal(application: PortalApplication): Promise<void> {
    const { clientId, name, scopes, enabled, revision } = application;
    const changed = await this.change({
      key: keyOf(clientId),
      set: `SET #clientId = :clientId, #name = :name, #scopes = :scopes,
        #enabled = :enabled, #revision = :revision, #managedBy = :portal,
        #description = if_not_exists(#description, :empty),
        #deactivated = if_not_exists(#deactivated, :no)`,
      when: 'attribute_not_exists(pk) OR #managedBy = :portal',
      names: namesOf(
        ...['clientId', 'name', 'scopes', 'enabled', 'revision'],
        ...['managedBy', 'description', 'deactivated'],
      ),
      values: {
        ...{ ':clientId': clientId, ':name': name, ':scopes': scopes },
        ...{ ':enabled': enabled, ':revision': revision },
        ...{ ':portal': 'portal', ':empty': '', ':no': false },
      },
    });
    if (changed) return;
    throw new ConflictError(
      `Application ${clientId} was made by the administration of the environment. Leave it to that.`,
      { code: 'not_of_portal' },
    );
  }

  /** `false`, changing nothing, when there is none, or the portal has disabled it. */
  setDeactivated(clientId: string, deactivated: boolean): Promise<boolean> {
    return this.change({
      key: keyOf(clientId),
      set: 'SET #deactivated = :deactivated',
      when: deactivated
        ? 'attribute_exists(pk)'
        : 'attribute_exists(pk) AND #enabled = :yes',
      names: namesOf('deactivated', ...(deactivated ? [] : ['enabled'])),
      values: {
        ':deactivated': deactivated,
        ...(deactivated ? {} : { ':yes': true }),
      },
    });
  }

  /** @returns `false` when its condition does not hold */
  private async change(change: Change): Promise<boolean> {
    const bump: Change = {
      key: REVISION,
      set: 'ADD revision :one',
      values: { ':one': 1 },
    };
    const { made } = await insist({
      attempt: async () => ({
        made: !(await this.table.transact([change, bump])),
      }),
    });
    return made;
  }
}

function keyOf(clientId: string) {
  return { pk: APPLICATIONS, sk: clientId };
}

function namesOf(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map(name => [`#${name}`, name]));
}

function toRecord({ pk: _, sk: __, ...record }: TableItem): ApplicationRecord {
  return record as unknown as ApplicationRecord;
}

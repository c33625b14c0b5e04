import { ConflictError } from '@genai-environments/service-kit';
import type {
  AdminApplication,
  ApplicationAdmin,
  ApplicationPage,
  CreatedApplication,
  NewApplication,
} from '../../ports/ApplicationAdmin';
import type {
  ApplicationRecord,
  ApplicationRecords,
} from './ApplicationRecords';
import type { CognitoUserPool } from './CognitoUserPool';

/**
 * Makes applications as clients of a user pool. The environment's table lists them, because
 * a pool lists its clients in no order, and says which are deactivated, because a client of
 * a pool is always on.
 */
export class CognitoApplicationAdmin implements ApplicationAdmin {
  constructor(
    private readonly options: {
      pool: CognitoUserPool;
      records: ApplicationRecords;
    },
  ) {}

  async list(page: {
    limit?: number;
    after?: string;
  }): Promise<ApplicationPage> {
    const { limit, after } = page;
    const found = await this.options.records.list({
      after,
      limit: limit === undefined ? undefined : limit + 1,
    });
    const items = found.slice(0, limit).map(toApplication);
    return items.length < found.length
      ? { items, next: items[items.length - 1].clientId }
      : { items };
  }

  async find(clientId: string): Promise<AdminApplication | undefined> {
    const record = await this.options.records.get(clientId);
    return record && toApplication(record);
  }

  /** A client whose record cannot be written is deleted again: nobody knows its secret. */
  async create(application: NewApplication): Promise<CreatedApplication> {
    const { pool, records } = this.options;
    const { name, description, scopes } = application;
    const { clientId, createdAt, secret } = await pool.create(application);
    const record: ApplicationRecord = {
      ...{ clientId, name, description, createdAt, scopes: [...scopes] },
      ...{ enabled: true, deactivated: false, revision: 0 },
      managedBy: 'administration',
    };
    try {
      await records.put(record);
    } catch (error) {
      await pool.delete(clientId);
      throw error;
    }
    return { application: toApplication(record), secret };
  }

  async setActive(
    clientId: string,
    active: boolean,
  ): Promise<AdminApplication | undefined> {
    const { records } = this.options;
    const changed = await records.setDeactivated(clientId, !active);
    const record = await records.get(clientId);
    if (!record) return undefined;
    if (changed) return toApplication(record);
    throw new ConflictError(
      `The portal has disabled application ${record.name}. Enable it there.`,
      { code: 'disabled_by_portal' },
    );
  }
}

function toApplication(record: ApplicationRecord): AdminApplication {
  const { clientId, name, description, createdAt, managedBy } = record;
  return {
    ...{ clientId, name, description, managedBy },
    ...(createdAt === undefined ? {} : { createdAt }),
    active: record.enabled && !record.deactivated,
  };
}

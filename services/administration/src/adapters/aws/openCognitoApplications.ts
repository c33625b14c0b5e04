import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import {
  type ApplicationDirectory,
  type Clock,
  type Logger,
  systemClock,
} from '@genai-environments/service-kit';
import type { DynamoTableClient } from '@genai-environments/service-kit/aws';
import type { ApplicationAdmin } from '../../ports/ApplicationAdmin';
import {
  ApplicationRecords,
  type PortalApplication,
} from './ApplicationRecords';
import { ApplicationSync } from './ApplicationSync';
import { CognitoApplicationAdmin } from './CognitoApplicationAdmin';
import { CognitoUserPool } from './CognitoUserPool';
import { TableApplicationDirectory } from './TableApplicationDirectory';

/** The applications of an environment whose tokens come from Cognito. */
export type CognitoApplications = {
  /** For the administration. */
  admin: ApplicationAdmin;
  /** For every service. */
  directory: ApplicationDirectory & {
    /** Reads the applications now if they have changed. */
    refresh(): Promise<void>;
  };
  /** For the portal, which makes clients in the pool and tells what it decides of them. */
  portal: {
    /** @throws ConflictError (`not_of_portal`) */
    put(application: PortalApplication): Promise<void>;
    /** Also right when it is already gone. */
    delete(clientId: string): Promise<void>;
    list(): PortalApplication[];
  };
  /** Begins to compare the table with the pool; in processes that host the administration. */
  startSync(): void;
  /** Does so now. */
  sync(): Promise<void>;
  close(): Promise<void>;
};

const TIMEOUTS = {
  connectionTimeout: 1000,
  requestTimeout: 5000,
  throwOnRequestTimeout: true,
};

/**
 * Reads the applications, so that none is missed from the first request on. The table stays
 * its owner's to close.
 *
 * @throws DependencyError when the table cannot be read
 */
export async function openCognitoApplications(options: {
  userPoolId: string;
  region: string;
  /** Of an emulator or a private endpoint. */
  endpoint?: string;
  table: DynamoTableClient;
  logger: Logger;
  clock?: Clock;
}): Promise<CognitoApplications> {
  const { userPoolId, table, logger, clock = systemClock } = options;
  const client = new CognitoIdentityProviderClient({
    region: options.region,
    endpoint: options.endpoint,
    maxAttempts: 4,
    requestHandler: TIMEOUTS,
  });
  const pool = new CognitoUserPool({ client, userPoolId });
  const records = new ApplicationRecords(table);
  const shared = { pool, records, logger };
  const directory = new TableApplicationDirectory({ ...shared, clock });
  const sync = new ApplicationSync(shared);
  await directory.open();
  return {
    admin: new CognitoApplicationAdmin(shared),
    directory,
    portal: {
      put: application => records.putPortal(application),
      delete: clientId => records.delete(clientId),
      list: () => directory.listOfPortal(),
    },
    startSync: () => sync.start(),
    sync: () => sync.run(),
    async close() {
      await directory.close();
      await sync.close();
      client.destroy();
    },
  };
}

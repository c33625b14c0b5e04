import type { Clock, Logger } from '@genai-environments/service-kit';
import type { DatabaseSync } from 'node:sqlite';
import type { ModelRecords } from '../../ports/ModelRecords';
import { openModelDatabase } from './database';
import { SqliteInvocationLog } from './SqliteInvocationLog';
import { SqliteInvocationStore } from './SqliteInvocationStore';
import { SqliteLimitLedger } from './SqliteLimitLedger';
import { SqliteLimitSettings } from './SqliteLimitSettings';
import { SqliteUsageLedger } from './SqliteUsageLedger';

type Options = { logger: Logger; clock: Clock };

/** Opens `model-invocation.sqlite` in the environment's data directory. */
export function openSqliteRecords(
  options: Options & { dataDirectory: string },
): ModelRecords {
  const database = openModelDatabase(options);
  return createSqliteRecords({ ...options, database });
}

/** The same on a database that is open; closes it. */
export function createSqliteRecords(
  options: Options & { database: DatabaseSync },
): ModelRecords {
  const { database, logger, clock } = options;
  return {
    usage: new SqliteUsageLedger({ database, logger, clock }),
    log: new SqliteInvocationLog({ database, logger }),
    invocations: new SqliteInvocationStore({ database }),
    limitLedger: new SqliteLimitLedger({ database, clock }),
    limitSettings: new SqliteLimitSettings({ database, clock }),
    health() {
      database.prepare('SELECT 1').get();
      return { status: 'UP' };
    },
    close: () => database.close(),
  };
}

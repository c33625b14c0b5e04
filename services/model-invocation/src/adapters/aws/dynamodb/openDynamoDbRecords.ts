import {
  Clock,
  type Logger,
  type ObjectStore,
  systemClock,
} from '@genai-environments/service-kit';
import type { DynamoTableClient } from '@genai-environments/service-kit/aws';
import type { ModelRecords } from '../../../ports/ModelRecords';
import { DynamoDbInvocationLog } from './DynamoDbInvocationLog';
import { DynamoDbInvocationStore } from './DynamoDbInvocationStore';
import { DynamoDbLimitLedger } from './DynamoDbLimitLedger';
import { DynamoDbLimitSettings } from './DynamoDbLimitSettings';
import { DynamoDbUsageLedger } from './DynamoDbUsageLedger';

/**
 * Keeps the records in the environment's table, which stays its owner's to close. Reads the
 * limits, so that none is missed from the first call on.
 *
 * @throws DependencyError when the table cannot be read
 */
export async function openDynamoDbRecords(options: {
  table: DynamoTableClient;
  /** For requests and answers that are too large for an item. */
  objects: ObjectStore;
  logger: Logger;
  clock?: Clock;
  /** Days a call stays in the log; default 30. */
  logRetentionDays?: number;
}): Promise<ModelRecords> {
  const { table, objects, logger, clock = systemClock } = options;
  const limitSettings = await DynamoDbLimitSettings.open({
    ...{ table, clock, logger },
  });
  return {
    usage: new DynamoDbUsageLedger({ table, logger, clock }),
    log: new DynamoDbInvocationLog({
      ...{ table, logger },
      retentionDays: options.logRetentionDays,
    }),
    invocations: new DynamoDbInvocationStore({ table, objects }),
    limitLedger: new DynamoDbLimitLedger({ table, clock }),
    limitSettings,
    health: () => table.health(),
    close: () => limitSettings.close(),
  };
}

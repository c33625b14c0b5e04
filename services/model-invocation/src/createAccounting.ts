import type { Clock, Logger } from '@genai-environments/service-kit';
import type { DatabaseSync } from 'node:sqlite';
import { SqliteInvocationLog } from './adapters/local/SqliteInvocationLog';
import { SqliteLimitLedger } from './adapters/local/SqliteLimitLedger';
import { SqliteLimitSettings } from './adapters/local/SqliteLimitSettings';
import { SqliteUsageLedger } from './adapters/local/SqliteUsageLedger';
import { LimitGate, type PriceOf } from './domain/limits/LimitGate';
import { LimitOverview } from './domain/limits/LimitOverview';
import { LoggedUsageLedger } from './domain/usage/LoggedUsageLedger';
import { LogRetention } from './domain/usage/LogRetention';
import type { CallGate } from './ports/CallGate';
import type { InvocationLog } from './ports/InvocationLog';
import type { UsageLedger } from './ports/UsageLedger';

/** What is counted, what is logged and what is allowed, on one database. */
export type Accounting = {
  /** Books in the counters and in the log. */
  usage: UsageLedger;
  log: InvocationLog;
  gate: CallGate;
  limits: LimitOverview;
  /** Begins to remove calls that the log has kept long enough. */
  start(): void;
  /** Writes what is pending and gives leases back; before the database is closed. */
  close(): Promise<void>;
};

/** Builds usage, log and limits on their local adapters. */
export function createAccounting(options: {
  database: DatabaseSync;
  logger: Logger;
  clock: Clock;
  priceOf: PriceOf;
  /** Days a call stays in the log; default 30. */
  logRetentionDays?: number;
}): Accounting {
  const { database, logger, clock } = options;
  const ledger = new SqliteUsageLedger({ database, logger, clock });
  const log = new SqliteInvocationLog({ database, logger });
  const usage = new LoggedUsageLedger({ ledger, log, clock });
  const settings = new SqliteLimitSettings({ database, clock });
  const shared = { settings, ledger: new SqliteLimitLedger(options), clock };
  const gate = new LimitGate({ ...shared, priceOf: options.priceOf, logger });
  const retention = new LogRetention({
    ...{ log, clock, logger },
    days: options.logRetentionDays,
  });

  return {
    usage,
    log,
    gate,
    limits: new LimitOverview({ ...shared, gate }),
    start: () => retention.start(),
    async close() {
      await retention.close();
      await gate.close();
      await usage.close();
    },
  };
}

import type { Clock, Logger } from '@genai-environments/service-kit';
import { LimitGate, type PriceOf } from './domain/limits/LimitGate';
import { LimitOverview } from './domain/limits/LimitOverview';
import { LoggedUsageLedger } from './domain/usage/LoggedUsageLedger';
import { LogRetention } from './domain/usage/LogRetention';
import type { CallGate } from './ports/CallGate';
import type { InvocationLog } from './ports/InvocationLog';
import type { ModelRecords } from './ports/ModelRecords';
import type { UsageLedger } from './ports/UsageLedger';

/** What is counted, what is logged and what is allowed, on the same records. */
export type Accounting = {
  /** Books in the counters and in the log. */
  usage: UsageLedger;
  log: InvocationLog;
  gate: CallGate;
  limits: LimitOverview;
  /** Begins to remove calls that the log has kept long enough. */
  start(): void;
  /** Writes what is pending and gives leases back; before the records are closed. */
  close(): Promise<void>;
};

/** Builds usage, log and limits. */
export function createAccounting(options: {
  records: ModelRecords;
  logger: Logger;
  clock: Clock;
  priceOf: PriceOf;
  /** Days a call stays in the log; default 30. */
  logRetentionDays?: number;
}): Accounting {
  const { records, logger, clock } = options;
  const { usage: ledger, log, limitSettings: settings } = records;
  const usage = new LoggedUsageLedger({ ledger, log, clock });
  const shared = { settings, ledger: records.limitLedger, clock };
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

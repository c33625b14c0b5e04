import type { Clock } from '@genai-environments/service-kit';
import type { InvocationLog } from '../../ports/InvocationLog';
import {
  DayRange,
  statusOf,
  UsageLedger,
  UsageRecord,
} from '../../ports/UsageLedger';

/** Books each call in the counters and in the log. */
export class LoggedUsageLedger implements UsageLedger {
  constructor(
    private readonly options: {
      ledger: UsageLedger;
      log: InvocationLog;
      clock: Clock;
    },
  ) {}

  record(usage: UsageRecord): void {
    this.options.ledger.record(usage);
    this.options.log.record({
      clientId: usage.clientId,
      model: usage.model,
      status: statusOf(usage),
      inputTokens: usage.inputTokens,
      outputTokens: usage.outputTokens,
      costMicroUsd: usage.costMicroUsd ?? 0,
      durationMs: usage.durationMs ?? 0,
      cached: usage.cached ?? false,
      at: this.options.clock.now(),
    });
  }

  query(range: DayRange & { clientId?: string }) {
    return this.options.ledger.query(range);
  }

  sumByModel(clientId: string, range: DayRange) {
    return this.options.ledger.sumByModel(clientId, range);
  }

  async flush(): Promise<void> {
    await Promise.all([this.options.ledger.flush(), this.options.log.flush()]);
  }

  async close(): Promise<void> {
    await Promise.all([this.options.ledger.close(), this.options.log.close()]);
  }
}

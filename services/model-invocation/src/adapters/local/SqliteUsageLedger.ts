import {
  Clock,
  inTransaction,
  Logger,
  systemClock,
} from '@genai-environments/service-kit';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type {
  UsageItem,
  UsageLedger,
  UsageRecord,
} from '../../ports/UsageLedger';

type Counters = Omit<UsageItem, 'clientId' | 'model' | 'day'>;

const DAY_MS = 86_400_000;

/** Columns are named as {@link UsageItem} has them. */
const SELECT = `
  SELECT client_id AS clientId, model, day, invocations,
    failed_invocations AS failedInvocations,
    input_tokens AS inputTokens, output_tokens AS outputTokens
  FROM usage WHERE day BETWEEN ? AND ? ORDER BY day, client_id, model`;

const ADD = `
  INSERT INTO usage (day, client_id, model, invocations, failed_invocations, input_tokens, output_tokens)
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (day, client_id, model) DO UPDATE SET
    invocations = invocations + excluded.invocations,
    failed_invocations = failed_invocations + excluded.failed_invocations,
    input_tokens = input_tokens + excluded.input_tokens,
    output_tokens = output_tokens + excluded.output_tokens`;

/**
 * Counts in memory and commits in groups, so that booking costs a call well under a
 * microsecond. @see docs/adr/0005-usage-group-commit.md
 */
export class SqliteUsageLedger implements UsageLedger {
  private readonly clock: Clock;
  private readonly flushAfterMs: number;
  private readonly add: StatementSync;
  private readonly select: StatementSync;
  /** Day → application → model. */
  private pending = new Map<string, Map<string, Map<string, Counters>>>();
  private timer: NodeJS.Timeout | undefined;
  private day = '';
  private dayEndsAt = 0;

  constructor(
    private readonly options: {
      database: DatabaseSync;
      logger: Logger;
      clock?: Clock;
      /** Longest time a record stays in memory only; default 50. */
      flushAfterMs?: number;
    },
  ) {
    this.clock = options.clock ?? systemClock;
    this.flushAfterMs = options.flushAfterMs ?? 50;
    this.add = options.database.prepare(ADD);
    this.select = options.database.prepare(SELECT);
  }

  record(usage: UsageRecord): void {
    const counters = this.countersOf(this.today(), usage);
    counters.invocations += 1;
    if (usage.failed) counters.failedInvocations += 1;
    counters.inputTokens += usage.inputTokens;
    counters.outputTokens += usage.outputTokens;
    this.schedule();
  }

  async query(range: { from: string; to: string }): Promise<UsageItem[]> {
    this.commit();
    return this.select.all(range.from, range.to) as UsageItem[];
  }

  async flush(): Promise<void> {
    this.commit();
  }

  async close(): Promise<void> {
    this.commit();
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => {
      try {
        this.commit();
      } catch (error) {
        // Nothing is lost: the counters stay pending and go with the next commit.
        this.options.logger.error({ err: error }, 'Usage could not be written');
        this.schedule();
      }
    }, this.flushAfterMs);
  }

  private commit(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.pending.size === 0) return;

    inTransaction(this.options.database, () => {
      for (const [day, applications] of this.pending) {
        for (const [clientId, models] of applications) {
          for (const [model, counters] of models) {
            this.add.run(
              day,
              clientId,
              model,
              counters.invocations,
              counters.failedInvocations,
              counters.inputTokens,
              counters.outputTokens,
            );
          }
        }
      }
    });
    this.pending = new Map();
  }

  private countersOf(day: string, usage: UsageRecord): Counters {
    const applications = getOrAdd(this.pending, day, () => new Map());
    const models = getOrAdd(applications, usage.clientId, () => new Map());
    return getOrAdd(models, usage.model, () => ({
      invocations: 0,
      failedInvocations: 0,
      inputTokens: 0,
      outputTokens: 0,
    }));
  }

  private today(): string {
    const now = this.clock.now();
    if (now >= this.dayEndsAt || now < this.dayEndsAt - DAY_MS) {
      this.day = new Date(now).toISOString().slice(0, 10);
      this.dayEndsAt = (Math.floor(now / DAY_MS) + 1) * DAY_MS;
    }
    return this.day;
  }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

import {
  Clock,
  inTransaction,
  Logger,
  systemClock,
} from '@genai-environments/service-kit';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  DayRange,
  statusOf,
  UsageCounters,
  UsageItem,
  UsageLedger,
  UsageRecord,
} from '../../ports/UsageLedger';
import { GroupCommit } from './GroupCommit';

const DAY_MS = 86_400_000;

/** Columns of the table, as {@link UsageCounters} names them. */
const COLUMNS: Record<string, keyof UsageCounters> = {
  invocations: 'invocations',
  failed_invocations: 'failedInvocations',
  cancelled_invocations: 'cancelledInvocations',
  cached_invocations: 'cachedInvocations',
  input_tokens: 'inputTokens',
  output_tokens: 'outputTokens',
  cost_micro_usd: 'costMicroUsd',
  duration_ms: 'durationMs',
};
const NAMES = Object.keys(COLUMNS);
const FIELDS = Object.values(COLUMNS);
const NONE = Object.fromEntries(FIELDS.map(field => [field, 0]));

const SELECT = `SELECT client_id AS clientId, model, day, ${NAMES.map(
  name => `${name} AS ${COLUMNS[name]}`,
).join(', ')} FROM usage`;

const ORDER = 'ORDER BY day, client_id, model';

const SUM = `
  SELECT model, ${NAMES.map(name => `sum(${name}) AS ${COLUMNS[name]}`).join(
    ', ',
  )}
  FROM usage WHERE client_id = ? AND day BETWEEN ? AND ? GROUP BY model ORDER BY model`;

const ADD = `
  INSERT INTO usage (day, client_id, model, ${NAMES.join(', ')})
  VALUES (?, ?, ?, ${NAMES.map(() => '?').join(', ')})
  ON CONFLICT (day, client_id, model) DO UPDATE SET
    ${NAMES.map(name => `${name} = ${name} + excluded.${name}`).join(', ')}`;

/**
 * Counts in memory and commits in groups, so that booking costs a call well under a
 * microsecond. @see docs/adr/0005-usage-group-commit.md
 */
export class SqliteUsageLedger implements UsageLedger {
  private readonly clock: Clock;
  private readonly add: StatementSync;
  private readonly group: GroupCommit;
  /** Day → application → model. */
  private pending = new Map<string, Map<string, Map<string, UsageCounters>>>();
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
    this.add = options.database.prepare(ADD);
    this.group = new GroupCommit({
      logger: options.logger,
      afterMs: options.flushAfterMs,
      failure: 'Usage could not be written',
      commit: () => this.write(),
    });
  }

  record(usage: UsageRecord): void {
    const counters = this.countersOf(this.today(), usage);
    const status = statusOf(usage);
    counters.invocations += 1;
    if (status === 'failed') counters.failedInvocations += 1;
    if (status === 'cancelled') counters.cancelledInvocations += 1;
    if (usage.cached) counters.cachedInvocations += 1;
    counters.inputTokens += usage.inputTokens;
    counters.outputTokens += usage.outputTokens;
    counters.costMicroUsd += usage.costMicroUsd ?? 0;
    counters.durationMs += Math.round(usage.durationMs ?? 0);
    this.group.schedule();
  }

  async query(range: DayRange & { clientId?: string }): Promise<UsageItem[]> {
    this.group.commit();
    const { from, to, clientId } = range;
    const { database } = this.options;
    const rows =
      clientId === undefined
        ? database
            .prepare(`${SELECT} WHERE day BETWEEN ? AND ? ${ORDER}`)
            .all(from, to)
        : database
            .prepare(
              `${SELECT} WHERE client_id = ? AND day BETWEEN ? AND ? ${ORDER}`,
            )
            .all(clientId, from, to);
    return rows as UsageItem[];
  }

  async sumByModel(clientId: string, { from, to }: DayRange) {
    this.group.commit();
    return this.options.database.prepare(SUM).all(clientId, from, to) as Array<
      UsageCounters & { model: string }
    >;
  }

  async flush(): Promise<void> {
    this.group.commit();
  }

  async close(): Promise<void> {
    this.group.close();
  }

  private write(): void {
    if (this.pending.size === 0) return;
    inTransaction(this.options.database, () => {
      for (const [day, applications] of this.pending) {
        for (const [clientId, models] of applications) {
          for (const [model, counters] of models) {
            const values = FIELDS.map(field => counters[field]);
            this.add.run(day, clientId, model, ...values);
          }
        }
      }
    });
    this.pending = new Map();
  }

  private countersOf(day: string, usage: UsageRecord): UsageCounters {
    const applications = getOrAdd(this.pending, day, () => new Map());
    const models = getOrAdd(applications, usage.clientId, () => new Map());
    return getOrAdd(models, usage.model, () => ({ ...NONE } as UsageCounters));
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

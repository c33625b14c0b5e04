import {
  Clock,
  type Logger,
  systemClock,
} from '@genai-environments/service-kit';
import {
  type Change,
  type DynamoTableClient,
  MAX_CHANGES,
  type TableItem,
} from '@genai-environments/service-kit/aws';
import { randomUUID } from 'node:crypto';
import {
  DayRange,
  UsageCounters,
  UsageItem,
  UsageLedger,
  UsageRecord,
} from '../../../ports/UsageLedger';
import { AsyncGroupCommit } from './AsyncGroupCommit';
import { addTo, emptyCounters, PendingUsage } from './PendingUsage';
import { addCounters, DAYS, dayPk, toUsageItem, usagePk } from './usageItems';

/** A model's counters are two items, and the day is one. */
const ITEMS_PER_GROUP = Math.floor((MAX_CHANGES - 1) / 2);
const DAYS_AT_ONCE = 16;

/** A transaction whose answer may have got lost: made again, it takes effect once. */
type Group = { token: string; changes: Change[] };

/**
 * Counts in memory and adds in transactions to two items each: one in the order of an
 * application's days, one among all applications of the day.
 *
 * @see docs/adr/0011-one-dynamodb-table.md
 */
export class DynamoDbUsageLedger implements UsageLedger {
  private readonly clock: Clock;
  private readonly group: AsyncGroupCommit;
  private pending = new PendingUsage();
  private groups: Group[] = [];
  private readonly knownDays = new Set<string>();

  constructor(
    private readonly options: {
      table: DynamoTableClient;
      logger: Logger;
      clock?: Clock;
      /** Longest time a record stays in memory only; default 1000: each write costs. */
      flushAfterMs?: number;
    },
  ) {
    this.clock = options.clock ?? systemClock;
    this.group = new AsyncGroupCommit({
      logger: options.logger,
      afterMs: options.flushAfterMs ?? 1000,
      failure: 'Usage could not be written',
      commit: () => this.write(),
    });
  }

  record(usage: UsageRecord): void {
    const day = new Date(this.clock.now()).toISOString().slice(0, 10);
    this.pending.add(day, usage);
    this.group.schedule();
  }

  async query(range: DayRange & { clientId?: string }): Promise<UsageItem[]> {
    await this.group.commit();
    if (range.clientId !== undefined)
      return this.ofApplication(range.clientId, range);
    const { table } = this.options;
    const days = await table.queryAll({
      pk: DAYS,
      sk: { from: range.from, to: range.to },
    });
    const items: UsageItem[] = [];
    for (let start = 0; start < days.length; start += DAYS_AT_ONCE) {
      const some = await Promise.all(
        days
          .slice(start, start + DAYS_AT_ONCE)
          .map(({ sk }) => table.queryAll({ pk: dayPk(sk) })),
      );
      items.push(...some.flat().map(toUsageItem));
    }
    return items;
  }

  async sumByModel(clientId: string, range: DayRange) {
    await this.group.commit();
    const sums = new Map<string, UsageCounters>();
    for (const item of await this.ofApplication(clientId, range)) {
      const sum = sums.get(item.model) ?? emptyCounters();
      addTo(sum, item);
      sums.set(item.model, sum);
    }
    return [...sums]
      .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      .map(([model, counters]) => ({ model, ...counters }));
  }

  flush(): Promise<void> {
    return this.group.commit();
  }

  close(): Promise<void> {
    return this.group.close();
  }

  private async ofApplication(
    clientId: string,
    { from, to }: DayRange,
  ): Promise<UsageItem[]> {
    const items = await this.options.table.queryAll({
      pk: usagePk(clientId),
      // `$` follows `#`: everything of the last day.
      sk: { from: `${from}#`, to: `${to}$` },
    });
    return items.map((item: TableItem) => toUsageItem(item));
  }

  private async write(): Promise<void> {
    this.groups.push(...this.takePending());
    while (this.groups.length > 0) {
      const [{ token, changes }] = this.groups;
      await this.options.table.transact(changes, { token });
      this.groups.shift();
    }
  }

  private takePending(): Group[] {
    const groups: Group[] = [];
    for (const [day, items] of this.pending.takeByDay()) {
      for (let start = 0; start < items.length; start += ITEMS_PER_GROUP) {
        const some = items.slice(start, start + ITEMS_PER_GROUP);
        const changes = some.flatMap(item => addCounters(item));
        if (!this.knownDays.has(day))
          changes.push({ put: { pk: DAYS, sk: day } });
        this.knownDays.add(day);
        groups.push({ token: randomUUID(), changes });
      }
    }
    return groups;
  }
}

import { Clock, LruCache } from '@genai-environments/service-kit';
import {
  type Change,
  type DynamoTableClient,
  insist,
  MAX_CHANGES,
  type TableItem,
} from '@genai-environments/service-kit/aws';
import type {
  CappedMeter,
  Draw,
  DrawResult,
  LimitLedger,
  Return,
} from '../../../ports/LimitLedger';
import {
  addToMeter,
  isRate,
  leftOf,
  meterKey,
  returnToMeter,
  usedOf,
} from './limitMeters';

const MAX_ATTEMPTS = 30;
/** Counters whose last state is remembered, to guess the right condition at once. */
const REMEMBERED = 10_000;

/**
 * Keeps the shared counters in the environment's table: each draw is one transaction of
 * conditional `ADD`s. What a counter said last only chooses how to ask; when it has
 * changed meanwhile, the condition fails and the answer says what it is.
 *
 * @see docs/adr/0006-limits-by-leases.md
 */
export class DynamoDbLimitLedger implements LimitLedger {
  private readonly seen = new LruCache<string, TableItem>(REMEMBERED);
  /** What could not be written after a part of it was. */
  private carried: Return[] = [];

  constructor(
    private readonly options: { table: DynamoTableClient; clock: Clock },
  ) {}

  draw(draws: readonly Draw[]): Promise<DrawResult> {
    const amounts = draws.map(({ needed, wished }) => Math.max(needed, wished));
    return insist({
      maxAttempts: MAX_ATTEMPTS,
      attempt: async () => {
        const now = this.options.clock.now();
        for (const [index, { cap, needed }] of draws.entries()) {
          // No condition can say this: the counter would have to be negative.
          if (amounts[index] > cap) amounts[index] = needed;
          if (needed > cap) return this.refuse(draws, index);
        }
        const refusals = await this.transact(
          draws,
          draws.map((draw, index) =>
            addToMeter(draw, amounts[index], {
              now,
              seen: this.recall(draw),
            }),
          ),
        );
        if (!refusals) return { granted: [...amounts] };
        for (const [index, item] of refusals) {
          const left = leftOf(draws[index], item, now);
          if (left < draws[index].needed) return { refused: index, left };
          if (left < amounts[index]) amounts[index] = draws[index].needed;
        }
        return undefined;
      },
    });
  }

  /**
   * All or nothing up to 100 counters. What of more cannot be written is kept here and
   * written with the next ones.
   */
  async giveBack(returns: readonly Return[]): Promise<void> {
    const all = [...this.carried, ...returns];
    for (let start = 0; start < all.length; start += MAX_CHANGES) {
      try {
        await this.giveBackSome(all.slice(start, start + MAX_CHANGES));
      } catch (error) {
        if (start === 0) throw error;
        this.carried = all.slice(start);
        return;
      }
      this.carried = [];
    }
  }

  async readUsed(meters: readonly CappedMeter[]): Promise<number[]> {
    const items = await this.options.table.getMany(meters.map(meterKey));
    const now = this.options.clock.now();
    return meters.map((meter, index) => usedOf(meter, items[index], now));
  }

  private giveBackSome(returns: readonly Return[]): Promise<true> {
    return insist({
      maxAttempts: MAX_ATTEMPTS,
      attempt: async () => {
        const now = this.options.clock.now();
        const refusals = await this.transact(
          returns,
          returns.map(entry =>
            returnToMeter(entry, { now, seen: this.recall(entry) }),
          ),
        );
        return refusals ? undefined : true;
      },
    });
  }

  private async transact(
    meters: readonly CappedMeter[],
    changes: readonly Change[],
  ) {
    const refusals = await this.options.table.transact(changes);
    changes.forEach((change, index) => {
      const id = idOf(meters[index]);
      if (refusals?.has(index)) {
        this.seen.set(id, refusals.get(index) ?? meterKey(meters[index]));
      } else if (!refusals && isRate(meters[index])) {
        this.guess(id, change);
      }
    });
    return refusals;
  }

  /** What a bucket says after a change: right unless other processes changed it, too. */
  private guess(id: string, { values = {} }: Change): void {
    const before = this.seen.get(id);
    const fullAt =
      values[':fullAt'] ??
      (before?.fullAt ?? 0) + ((values[':takes'] as number | undefined) ?? 0);
    this.seen.set(id, { pk: '', sk: '', ...before, fullAt });
  }

  private async refuse(draws: readonly Draw[], index: number) {
    const [item] = await this.options.table.getMany([meterKey(draws[index])]);
    const left = leftOf(draws[index], item, this.options.clock.now());
    return { refused: index, left };
  }

  private recall(meter: CappedMeter): TableItem | undefined {
    return this.seen.get(idOf(meter));
  }
}

function idOf(meter: CappedMeter): string {
  const { pk, sk } = meterKey(meter);
  return `${pk} ${sk}`;
}

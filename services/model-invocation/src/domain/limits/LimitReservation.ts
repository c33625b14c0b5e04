import type { Reservation } from '../../ports/CallGate';
import type { Amounts } from './Limits';
import type { Meter } from './Meter';

/** What is held back of every counter that a call had to pass. */
export class LimitReservation implements Reservation {
  readonly isBound: boolean;
  private ended = false;

  constructor(
    private readonly options: {
      meters: readonly Meter[];
      reserved: Amounts;
      /** How much a call takes that used so many tokens. */
      measure: (usage: {
        inputTokens: number;
        outputTokens: number;
      }) => Amounts;
      /** Called once, when it has ended. */
      onEnd: () => void;
    },
  ) {
    this.isBound = options.meters.some(({ unit }) => unit !== 'requests');
  }

  settle(usage: {
    inputTokens: number;
    outputTokens: number;
    costMicroUsd?: number;
  }): void {
    const used = this.measure(usage);
    this.end(
      usage.costMicroUsd === undefined
        ? used
        : { ...used, microUsd: Math.ceil(usage.costMicroUsd) },
    );
  }

  release(): void {
    this.end({ requests: 0, tokens: 0, microUsd: 0 });
  }

  /** What cannot be measured is booked as it was reserved. */
  private measure(usage: { inputTokens: number; outputTokens: number }) {
    try {
      return this.options.measure(usage);
    } catch {
      return this.options.reserved;
    }
  }

  private end(used: Amounts): void {
    if (this.ended) return;
    this.ended = true;
    const { meters, reserved, onEnd } = this.options;
    for (const meter of meters) {
      meter.settle(reserved[meter.unit], used[meter.unit]);
    }
    onEnd();
  }
}

/** For calls that no limit holds for. */
export const UNLIMITED: Reservation = { settle() {}, release() {} };

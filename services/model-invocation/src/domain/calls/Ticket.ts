import type { Clock } from '@genai-environments/service-kit';
import type { Reservation } from '../../ports/CallGate';
import type { CallStatus, UsageLedger } from '../../ports/UsageLedger';
import type { Model, TokenUsage } from '../Model';
import type { PriceList } from '../prices/PriceList';

/** What a call with a limit may take at most. */
export type Bound = {
  /** Most tokens of one answer. */
  maxTokens: number;
  /** Reserved for all that is asked. */
  inputTokens: number;
  /** Reserved for all answers. */
  outputTokens: number;
};

const NOTHING: TokenUsage = { inputTokens: 0, outputTokens: 0 };

/**
 * One call of one model on behalf of one application: holds what the gate reserved, and
 * books what came of it, once. Whoever gets a ticket settles it.
 */
export class Ticket {
  private readonly startedAt: number;
  private closed = false;

  constructor(
    private readonly options: {
      clientId: string;
      /** The model that is asked, never an alias. */
      model: Model;
      prices: PriceList;
      reservation: Reservation;
      usage: UsageLedger;
      clock: Clock;
      /** Absent: no limit of tokens or money has to hold. */
      bound?: Bound;
    },
  ) {
    this.startedAt = options.clock.now();
  }

  /** Most tokens that one answer may have; absent: no limit has to hold. */
  get maxTokens(): number | undefined {
    return this.options.bound?.maxTokens;
  }

  /**
   * Books what was read and written: as it was counted, however much that is; an estimate
   * only as far as it was reserved. Later calls do nothing.
   */
  settle(counted: TokenUsage, status: CallStatus = 'succeeded'): void {
    const { prices, model } = this.options;
    const usage = counted.isEstimate ? this.withinBound(counted) : counted;
    const costMicroUsd = prices.costMicroUsd(model, usage);
    this.close(usage, status, { costMicroUsd });
  }

  /**
   * Books a call that the provider has and whose answer nobody will see. Nobody knows how
   * long that is. Where a limit has to hold, it is taken for the longest that was reserved,
   * so that the provider cannot bill more than the budget; elsewhere for nothing, as there
   * is no cap to keep and a made-up figure would only spoil the records.
   */
  settleUnseen(inputTokens: number, status: CallStatus): void {
    const { outputTokens = 0 } = this.options.bound ?? {};
    this.settle({ inputTokens, outputTokens, isEstimate: true }, status);
  }

  /** Books a call that no provider has, or that it refused: it costs nothing. */
  fail(status: 'failed' | 'cancelled' = 'failed'): void {
    this.close(NOTHING, status, {});
  }

  /** Books an answer that was remembered: no model was asked. */
  settleFromCache(): void {
    this.close(NOTHING, 'succeeded', { cached: true });
  }

  /** An estimate that is too high is no reason to pass a cap. */
  private withinBound(usage: TokenUsage): TokenUsage {
    const { bound } = this.options;
    if (!bound) return usage;
    return {
      ...usage,
      inputTokens: Math.min(usage.inputTokens, bound.inputTokens),
      outputTokens: Math.min(usage.outputTokens, bound.outputTokens),
    };
  }

  private close(
    { inputTokens, outputTokens }: TokenUsage,
    status: CallStatus,
    more: { costMicroUsd?: number; cached?: boolean },
  ): void {
    if (this.closed) return;
    this.closed = true;
    const { clientId, model, reservation, usage, clock } = this.options;
    if (status === 'failed' && inputTokens + outputTokens === 0) {
      reservation.release();
    } else {
      const { costMicroUsd } = more;
      reservation.settle({ inputTokens, outputTokens, costMicroUsd });
    }
    usage.record({
      clientId,
      model: model.id,
      inputTokens,
      outputTokens,
      failed: status === 'failed',
      status,
      durationMs: Math.max(0, clock.now() - this.startedAt),
      ...more,
    });
  }
}

import type { Clock } from '@genai-environments/service-kit';
import type { Reservation } from '../../ports/CallGate';
import type { CallStatus, UsageLedger } from '../../ports/UsageLedger';
import type { Model, TokenUsage } from '../Model';
import type { PriceList } from '../prices/PriceList';

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
      maxTokens?: number;
    },
  ) {
    this.startedAt = options.clock.now();
  }

  /** Most tokens that one answer may have; absent: no limit has to hold. */
  get maxTokens(): number | undefined {
    return this.options.maxTokens;
  }

  /** Books what was read and written. Later calls do nothing. */
  settle(usage: TokenUsage, status: CallStatus = 'succeeded'): void {
    const { prices, model } = this.options;
    const costMicroUsd = prices.costMicroUsd(model, usage);
    this.close(usage, status, { costMicroUsd });
  }

  /** Books a call that failed before anything was written: it costs nothing. */
  fail(): void {
    this.close(NOTHING, 'failed', {});
  }

  /** Books an answer that was remembered: no model was asked. */
  settleFromCache(): void {
    this.close(NOTHING, 'succeeded', { cached: true });
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

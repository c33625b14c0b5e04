import {
  Clock,
  DependencyError,
  DomainError,
  ForbiddenError,
  Logger,
} from '@genai-environments/service-kit';
import type { CallGate, PlannedCall, Reservation } from '../../ports/CallGate';
import type { Draw, DrawResult, LimitLedger } from '../../ports/LimitLedger';
import type { LimitSettings } from '../../ports/LimitSettings';
import { LeaseKeeper } from './LeaseKeeper';
import { LimitReservation, UNLIMITED } from './LimitReservation';
import type { Amounts } from './Limits';
import type { Meter } from './Meter';
import { Plan, Plans } from './Plan';
import { makeRefusal } from './refusal';

/**
 * Millionths of a US dollar that a call of the model costs; may be a fraction.
 * `undefined` when its price is not known. Local models cost 0.
 */
export type PriceOf = (
  model: string,
  usage: { inputTokens: number; outputTokens: number },
) => number | undefined;

/**
 * Holds the limits of applications and of the environment. Before a call it reserves the
 * most that the call can take of each limit; afterwards it books what was really used.
 *
 * Reserving is arithmetic in memory on leases that were drawn from the shared counters,
 * at most some 256 times per cap; only a call that finds its lease empty draws.
 *
 * @see docs/adr/0006-limits-by-leases.md
 */
export class LimitGate implements CallGate {
  private readonly plans: Plans;
  private readonly leases: LeaseKeeper;

  constructor(
    private readonly options: {
      settings: LimitSettings;
      ledger: LimitLedger;
      priceOf: PriceOf;
      clock: Clock;
      logger: Logger;
    },
  ) {
    this.plans = new Plans(options.settings);
    this.leases = new LeaseKeeper({ ...options, plans: this.plans });
  }

  /**
   * @throws LimitExceededError that names the limit and says when it resets
   * @throws ForbiddenError (`model_without_price`) when a money budget holds and nobody
   *   knows what the model costs
   * @throws DependencyError when the shared counters cannot be reached
   */
  reserve(call: PlannedCall): Reservation | Promise<Reservation> {
    const now = this.options.clock.now();
    const plan = this.plans.of(call.clientId, now);
    if (plan.meters.length === 0) return UNLIMITED;
    const amounts = this.measure(call, plan, {
      inputTokens: call.inputTokens,
      outputTokens: call.maxOutputTokens,
    });
    return this.take(call, plan, amounts);
  }

  /** Gives all leases back; safe to call twice. */
  close(): Promise<void> {
    return this.leases.close();
  }

  /** Makes the shared counters say exactly what this process used and reserved. */
  flush(): Promise<void> {
    return this.leases.flush();
  }

  private take(
    call: PlannedCall,
    plan: Plan,
    amounts: Amounts,
  ): Reservation | Promise<Reservation> {
    const short = plan.meters.filter(
      meter => meter.free < amounts[meter.unit] && amounts[meter.unit] > 0,
    );
    if (short.length === 0) return this.hold(call, plan, amounts);

    const again = () => this.take(call, plan, amounts);
    if (this.leases.inFlight) return this.leases.inFlight.then(again);
    const draws = short.map(meter => toDraw(meter, amounts));
    const drawn = this.draw(draws);
    if (drawn instanceof Promise) {
      // Others may spend the lease before this call has its turn: it looks again.
      return this.leases
        .track(drawn.then(result => this.accept(short, draws, result)))
        .then(again);
    }
    this.accept(short, draws, drawn);
    return this.hold(call, plan, amounts);
  }

  private hold(call: PlannedCall, plan: Plan, reserved: Amounts): Reservation {
    const now = this.options.clock.now();
    for (const meter of plan.meters) meter.take(reserved[meter.unit], now);
    this.leases.noteChange();
    return new LimitReservation({
      meters: plan.meters,
      reserved,
      measure: usage => this.measure(call, plan, usage),
      onEnd: () => this.leases.noteChange(),
    });
  }

  private draw(draws: Draw[]): DrawResult | Promise<DrawResult> {
    try {
      const result = this.options.ledger.draw(draws);
      return result instanceof Promise ? result.catch(unreachable) : result;
    } catch (error) {
      return unreachable(error);
    }
  }

  private accept(short: Meter[], draws: Draw[], result: DrawResult): void {
    const now = this.options.clock.now();
    if ('refused' in result) {
      const { refused, left } = result;
      const { needed } = draws[refused];
      const meter = short[refused];
      throw makeRefusal({ meter, amount: needed + meter.free, left, now });
    }
    short.forEach((meter, index) => {
      meter.free += result.granted[index];
    });
  }

  private measure(
    { model }: PlannedCall,
    plan: Plan,
    usage: { inputTokens: number; outputTokens: number },
  ): Amounts {
    const tokens = usage.inputTokens + usage.outputTokens;
    if (!plan.meters.some(({ unit }) => unit === 'microUsd')) {
      return { requests: 1, tokens, microUsd: 0 };
    }
    const cost = this.options.priceOf(model, usage);
    if (cost === undefined) {
      throw new ForbiddenError(
        `A money budget holds here, and the price of model "${model}" is not known. Use another model, or ask the owner of the environment to add its price or to lift the budget.`,
        { code: 'model_without_price' },
      );
    }
    return { requests: 1, tokens, microUsd: Math.ceil(cost) };
  }
}

function toDraw(meter: Meter, amounts: Amounts): Draw {
  const { key, cap, free, lease } = meter;
  return { ...key, cap, needed: amounts[meter.unit] - free, wished: lease };
}

function unreachable(error: unknown): never {
  if (error instanceof DomainError) throw error;
  throw new DependencyError(
    'The limits of this environment cannot be checked just now. Try again shortly.',
    {
      kind: 'unavailable',
      retryable: true,
      retryAfterSeconds: 1,
      code: 'limits_unavailable',
      cause: error,
    },
  );
}

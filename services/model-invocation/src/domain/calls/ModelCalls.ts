import type { Clock } from '@genai-environments/service-kit';
import type { CallGate } from '../../ports/CallGate';
import type { UsageLedger } from '../../ports/UsageLedger';
import { CallCancelledError, type Cancellation } from '../Cancellation';
import type { ModelKind } from '../Model';
import type { ModelCatalog, ServedModel } from '../ModelCatalog';
import type { PriceList } from '../prices/PriceList';
import type { ObservedCalls } from '../telemetry/ObservedCalls';
import {
  DEFAULT_RETRY_POLICY,
  isWorthAnotherModel,
  pause,
  RetryPolicy,
  waitBeforeRetry,
} from './retry';
import { markSent, wasSent } from './sent';
import { Ticket } from './Ticket';

/** A call that an application wants to be made. */
export type WantedCall = {
  clientId: string;
  /** Id of a model, or an alias. */
  model: string;
  kind: ModelKind;
  /** What is asked, at most; see `boundTokens`. */
  inputTokens: number;
  /** Most the caller lets one answer have; absent: what the model can. */
  maxOutputTokens?: number;
  /** How many answers are wanted of one question; default 1. */
  answers?: number;
  /** Tokens of what is asked, for when nobody counts them; may take milliseconds. */
  estimateInput: () => number;
  /** The answer is passed on piece by piece, and its pieces are booked. Default no. */
  isStreamed?: boolean;
  cancellation: Cancellation;
};

/**
 * Asks one model.
 *
 * @param maxTokens - most tokens that one answer may have; absent: no limit has to hold
 */
export type Ask<T> = (
  served: ServedModel,
  maxTokens: number | undefined,
) => Promise<T>;

/** An answer that began, and the ticket to settle once it has ended. */
export type BegunCall<T> = { answer: T; served: ServedModel; ticket: Ticket };

/** Assumed of models whose server does not say how much they answer at most. */
const DEFAULT_MAX_OUTPUT_TOKENS = 4096;

/**
 * Calls models on behalf of applications: past the gate, again when that can help, on
 * the next model of an alias when it cannot, and booked whatever happens.
 */
export class ModelCalls {
  private readonly retry: RetryPolicy;
  private readonly random: () => number;

  constructor(
    private readonly options: {
      catalog: ModelCatalog;
      gate: CallGate;
      usage: UsageLedger;
      prices: PriceList;
      clock: Clock;
      retry?: Partial<RetryPolicy>;
      /** Absent: telemetry is off. */
      observed?: ObservedCalls;
      /** From 0 up to 1; for tests. */
      random?: () => number;
    },
  ) {
    this.retry = { ...DEFAULT_RETRY_POLICY, ...options.retry };
    this.random = options.random ?? Math.random;
  }

  /**
   * Asks until an answer begins. `ask` resolves then, not before: whatever it rejects
   * with was told to nobody, so that the call can be made again.
   *
   * @throws DomainError as `ModelCatalog.resolve`, the gate, and the last model asked do
   * @throws CallCancelledError when the caller hung up
   */
  async begin<T>(call: WantedCall, ask: Ask<T>): Promise<BegunCall<T>> {
    const { catalog, clock, observed } = this.options;
    const candidates = catalog.resolve(call.model, call.kind);
    const deadline = clock.now() + this.retry.deadlineMs;
    let index = 0;
    for (;;) {
      const served = candidates[index++];
      const hasFallback = index < candidates.length;
      const asked = observed?.observe(served, call) ?? served;
      const ticket = await this.admit(call, served);
      try {
        const answer = await this.askAgain(
          call,
          () => ask(asked, ticket.maxTokens),
          {
            deadline,
            hasFallback,
          },
        );
        return { answer, served, ticket };
      } catch (error) {
        closeFailed(ticket, call, error);
        const inTime = clock.now() < deadline;
        if (!hasFallback || !inTime || !isWorthAnotherModel(error)) throw error;
      }
    }
  }

  /** A ticket for a call of the first model that is meant: what the gate lets pass. */
  async admit(call: WantedCall, served: ServedModel): Promise<Ticket> {
    const { gate, usage, prices, clock } = this.options;
    const { clientId, inputTokens, maxOutputTokens, answers = 1 } = call;
    const { model } = served;
    const most =
      maxOutputTokens ?? model.maxOutputTokens ?? DEFAULT_MAX_OUTPUT_TOKENS;
    const outputTokens = model.kind === 'embedding' ? 0 : most * answers;
    const reserved = gate.reserve({
      clientId,
      model: model.id,
      inputTokens,
      maxOutputTokens: outputTokens,
    });
    const reservation = reserved instanceof Promise ? await reserved : reserved;
    return new Ticket({
      ...{ clientId, model, reservation, usage, prices, clock },
      bound: reservation.isBound
        ? { maxTokens: most, inputTokens, outputTokens }
        : undefined,
    });
  }

  /** Its error is one of a call that was sent when any attempt was: see `wasSent`. */
  private async askAgain<T>(
    { cancellation }: WantedCall,
    ask: () => Promise<T>,
    limits: { deadline: number; hasFallback: boolean },
  ): Promise<T> {
    let isSent = false;
    const told = (error: unknown) =>
      isSent && error instanceof Error ? markSent(error) : error;
    for (let attempt = 1; ; attempt++) {
      try {
        return await ask();
      } catch (error) {
        isSent ||= wasSent(error);
        const waitMs = waitBeforeRetry(error, {
          policy: this.retry,
          attempt,
          remainingMs: limits.deadline - this.options.clock.now(),
          hasFallback: limits.hasFallback,
          random: this.random,
        });
        if (waitMs === undefined) throw told(error);
        await pause(waitMs, cancellation).catch(reason => {
          throw told(reason);
        });
      }
    }
  }
}

/**
 * A caller that hangs up is no failure. What the provider has is read, and perhaps
 * answered: a stream has written nothing yet and stops with its reader, a whole answer is
 * written out unseen.
 */
function closeFailed(ticket: Ticket, call: WantedCall, error: unknown): void {
  const status = error instanceof CallCancelledError ? 'cancelled' : 'failed';
  if (!wasSent(error)) {
    ticket.fail(status);
    return;
  }
  const inputTokens = call.estimateInput();
  if (call.isStreamed) {
    const usage = { inputTokens, outputTokens: 0, isEstimate: true };
    ticket.settle(usage, status);
  } else {
    ticket.settleUnseen(inputTokens, status);
  }
}

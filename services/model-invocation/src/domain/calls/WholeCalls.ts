import type { TokenUsage } from '../Model';
import type { ServedModel } from '../ModelCatalog';
import { cacheKey } from './cacheKey';
import type { Ask, ModelCalls, WantedCall } from './ModelCalls';
import type { ResponseCache } from './ResponseCache';

/** What a model answered, and what it took. */
export type Answered<T> = { answer: T; usage: TokenUsage };

/** A caller's wish to get the same answer again for some time. */
export type CacheWish<T> = {
  seconds: number;
  /** Names how `request` is to be read: `chat`, `messages`. */
  format: string;
  /** All that the answer depends on; JSON. */
  request: unknown;
  bytesOf(answer: T): number;
};

export type WholeAnswer<T> = {
  answer: T;
  /** Id of the model that answered, never an alias. */
  model: string;
  cached: boolean;
};

/** Calls whose answer is wanted in one piece: booked, and remembered for who asks for it. */
export class WholeCalls {
  constructor(
    private readonly options: { calls: ModelCalls; cache: ResponseCache },
  ) {}

  /** @throws DomainError as `ModelCalls.begin` does */
  async make<T>(
    call: WantedCall,
    ask: Ask<Answered<T>>,
    wish?: CacheWish<T>,
  ): Promise<WholeAnswer<T>> {
    if (!wish) return this.ask(call, ask);
    const { cache, calls } = this.options;
    const key = cacheKey(call.clientId, wish.format, wish.request);
    const found = cache.find(key);
    if (found) {
      // Counts as a request, and takes no tokens.
      const nothing = { ...call, inputTokens: 0, maxOutputTokens: 0 };
      const ticket = await calls.admit(nothing, found.served);
      ticket.settleFromCache();
      const model = found.served.model.id;
      return { answer: found.answer as T, model, cached: true };
    }
    const { seconds } = wish;
    return this.ask(call, ask, (answer, served) =>
      cache.remember(
        key,
        { answer, served },
        { bytes: wish.bytesOf(answer), seconds },
      ),
    );
  }

  private async ask<T>(
    call: WantedCall,
    ask: Ask<Answered<T>>,
    remember?: (answer: T, served: ServedModel) => void,
  ): Promise<WholeAnswer<T>> {
    const begun = await this.options.calls.begin(call, ask);
    const { answer, usage } = begun.answer;
    begun.ticket.settle(usage);
    remember?.(answer, begun.served);
    return { answer, model: begun.served.model.id, cached: false };
  }
}

import { CallCancelledError } from '../Cancellation';
import type { GenerationPart, PartIterator, TokenUsage } from '../Model';
import { textOfDelta } from '../textOfDelta';
import { estimateTokens } from '../tokens';
import type { BegunParts } from './partStream';
import type { Ticket } from './Ticket';

type Result = IteratorResult<GenerationPart, undefined>;

const DONE: Result = { done: true, value: undefined };

/**
 * Passes parts on and books what was produced, however it ends: read to the end, broken,
 * or left in the middle. No generator: one costs several promises a part, and could not
 * hand out at once what came together.
 */
export class BookedParts
  implements PartIterator, AsyncIterableIterator<GenerationPart, undefined>
{
  private readonly parts: PartIterator;
  private first: BegunParts['first'] | undefined;
  private counted: TokenUsage | undefined;
  private written = '';
  private ended = false;

  constructor(
    begun: BegunParts,
    private readonly options: {
      ticket: Ticket;
      /** Tokens of what is asked, for when nobody counts them. */
      estimateInput: () => number;
    },
  ) {
    this.parts = begun.parts;
    this.first = begun.first;
  }

  /** One reader, one call at a time, as `for await` does. */
  next(): Promise<Result> {
    if (this.ended) return Promise.resolve(DONE);
    const { first } = this;
    if (!first) return this.parts.next().then(this.accept, this.fail);
    this.first = undefined;
    return Promise.resolve(this.accept(first));
  }

  takeReady(): GenerationPart | undefined {
    if (this.ended || this.first) return undefined;
    const part = this.parts.takeReady?.();
    if (part) this.count(part);
    return part;
  }

  async return(): Promise<Result> {
    if (!this.ended) {
      this.end(this.counted ? 'succeeded' : 'cancelled');
      await this.parts.return?.();
    }
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private readonly accept = (result: BegunParts['first']): Result => {
    if (result.done) {
      if (!this.ended) this.end('succeeded');
      return DONE;
    }
    this.count(result.value);
    return result;
  };

  private readonly fail = (error: unknown): never => {
    if (!this.ended) {
      this.end(error instanceof CallCancelledError ? 'cancelled' : 'failed');
    }
    throw error;
  };

  private end(status: 'succeeded' | 'cancelled' | 'failed'): void {
    this.ended = true;
    const { ticket, estimateInput } = this.options;
    const usage = this.counted ?? {
      inputTokens: estimateInput(),
      outputTokens: estimateTokens(this.written),
      isEstimate: true,
    };
    ticket.settle(usage, status);
  }

  private count(part: GenerationPart): void {
    if (part.type === 'finish') this.counted = part;
    else this.written += textOfDelta(part);
  }
}

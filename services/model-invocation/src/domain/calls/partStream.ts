import { CallCancelledError, type Cancellation } from '../Cancellation';
import type { GenerateRequest, GenerationPart, TokenUsage } from '../Model';
import type { ServedModel } from '../ModelCatalog';
import { estimateTokens } from '../tokens';
import type { Ticket } from './Ticket';

/** A stream whose first part is there. */
export type BegunParts = {
  first: IteratorResult<GenerationPart>;
  parts: AsyncIterator<GenerationPart>;
};

/** Resolves with the first part: until then the call can be made again. */
export async function openParts(
  { provider, model }: ServedModel,
  request: GenerateRequest,
  cancellation: Cancellation,
): Promise<BegunParts> {
  const parts = provider
    .stream({ ...request, model: model.id }, cancellation)
    [Symbol.asyncIterator]();
  return { first: await parts.next(), parts };
}

/**
 * Passes parts on and books what was produced, however it ends: read to the end, broken,
 * or left in the middle.
 */
export async function* bookedParts(
  { first, parts }: BegunParts,
  options: { ticket: Ticket; asked: () => string },
): AsyncGenerator<GenerationPart, void> {
  const { ticket, asked } = options;
  let counted: TokenUsage | undefined;
  let written = '';
  const usage = () =>
    counted ?? {
      inputTokens: estimateTokens(asked()),
      outputTokens: estimateTokens(written),
    };
  let ended = false;
  try {
    for (let next = first; !next.done; next = await parts.next()) {
      const part = next.value;
      if (part.type === 'finish') counted = part;
      else written += textOfDelta(part);
      yield part;
    }
    ended = true;
    ticket.settle(usage());
  } catch (error) {
    ended = true;
    const hungUp = error instanceof CallCancelledError;
    ticket.settle(usage(), hungUp ? 'cancelled' : 'failed');
    throw error;
  } finally {
    if (!ended) {
      ticket.settle(usage(), counted ? 'succeeded' : 'cancelled');
      await parts.return?.();
    }
  }
}

function textOfDelta(part: GenerationPart): string {
  if (part.type === 'text-delta' || part.type === 'reasoning-delta') {
    return part.text;
  }
  return part.type === 'tool-call-delta' ? part.inputDelta : '';
}

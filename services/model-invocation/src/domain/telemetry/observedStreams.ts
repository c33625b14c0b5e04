import type { ModelCallSpan } from '@genai-environments/service-kit';
import type { ByteSink, StreamOutcome } from '../../ports/ModelProvider';
import { CallCancelledError } from '../Cancellation';
import type { GenerationPart } from '../Model';
import { textOfEvents } from './describe';

/** Most of an answer that is kept until its span ends: characters, or bytes of events. */
const MAX_KEPT = 32_768;

/** Passes parts on, at the reader's pace, and ends the span however they end. */
export async function* observedParts(
  span: ModelCallSpan,
  parts: AsyncIterable<GenerationPart>,
): AsyncGenerator<GenerationPart, void> {
  let text = '';
  const output = () => text;
  let ended = false;
  try {
    for await (const part of parts) {
      span.firstChunk();
      if (part.type === 'text-delta' && text.length < MAX_KEPT) {
        text += part.text;
      }
      if (part.type === 'finish') {
        ended = true;
        const { inputTokens, outputTokens, finishReason } = part;
        span.end({
          ...{ inputTokens, outputTokens, output },
          finishReasons: [finishReason],
        });
      }
      yield part;
    }
  } catch (error) {
    const cancelled = error instanceof CallCancelledError;
    if (!ended) span.fail(error, { cancelled });
    ended = true;
    throw error;
  } finally {
    // Left in the middle: whoever read it wants no more.
    if (!ended) span.fail(undefined, { cancelled: true });
  }
}

/** Watches the bytes of a stream that passes through. */
export async function observedRelay(
  span: ModelCallSpan,
  sink: ByteSink,
  relay: (sink: ByteSink) => Promise<StreamOutcome>,
): Promise<StreamOutcome> {
  const kept: Buffer[] = [];
  let size = 0;
  const watched: ByteSink = {
    start: () => sink.start(),
    write: chunk => {
      span.firstChunk();
      if (size < MAX_KEPT) {
        size += chunk.length;
        // Whoever writes may use the memory again.
        kept.push(Buffer.from(chunk));
      }
      return sink.write(chunk);
    },
    onDrain: listener => sink.onDrain(listener),
  };
  try {
    const outcome = await relay(watched);
    endRelay(span, outcome, () => textOfEvents(kept));
    return outcome;
  } catch (error) {
    span.fail(error, { cancelled: error instanceof CallCancelledError });
    throw error;
  }
}

function endRelay(
  span: ModelCallSpan,
  { ended, usage, error }: StreamOutcome,
  output: () => string,
): void {
  if (ended === 'complete') {
    const { inputTokens, outputTokens } = usage;
    span.end({ inputTokens, outputTokens, output });
  } else {
    const cause = error ?? { code: 'model_stream_cut' };
    span.fail(cause, { cancelled: ended === 'cancelled' });
  }
}

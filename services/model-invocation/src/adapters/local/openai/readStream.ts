import { Cancellation } from '../../../domain/Cancellation';
import { estimateInput } from '../../../domain/inputTokens';
import type { GenerateRequest, GenerationPart } from '../../../domain/Model';
import { estimateTokens } from '../../../domain/tokens';
import type { MaxTokensMember } from '../../../ports/ModelProvider';
import { textOfDelta } from '../../../domain/textOfDelta';
import { toChatBody } from './chatBody';
import { ChunkQueue } from './ChunkQueue';
import { ChunkReader } from './ChunkReader';
import { SseReader } from './SseReader';
import type { UpstreamConnection } from './UpstreamConnection';
import { fromConnectionError } from './upstreamErrors';

/** Runs one streaming chat request and reads its answer; see `ModelProvider.stream`. */
export async function* readStream(options: {
  connection: UpstreamConnection;
  deadlineMs: number;
  maxTokensMember?: MaxTokensMember;
  request: GenerateRequest;
  cancellation: Cancellation;
}): AsyncGenerator<GenerationPart, void> {
  const { connection, deadlineMs, request, cancellation } = options;
  const { model } = request;
  // Leaving the loop ends the call, too.
  const ending = new Cancellation();
  cancellation.onCancel(() => ending.cancel());
  const queue = new ChunkQueue(model);
  const body = toChatBody(request, {
    stream: true,
    maxTokensMember: options.maxTokensMember,
  });
  connection.send(
    { method: 'POST', path: '/chat/completions', body, deadlineMs },
    queue,
    ending,
  );

  const events = new SseReader();
  const chunks = new ChunkReader(model);
  let written = '';
  try {
    for await (const bytes of queue) {
      for (const data of events.push(bytes)) {
        for (const part of chunks.read(data)) {
          written += textOfDelta(part);
          yield part;
        }
      }
    }
    for (const data of events.end()) yield* chunks.read(data);
    yield* chunks.end(() => ({
      inputTokens: estimateInput(request),
      outputTokens: estimateTokens(written),
      isEstimate: true,
    }));
  } catch (error) {
    throw fromConnectionError(error, model);
  } finally {
    ending.cancel();
  }
}

import { CallCancelledError, Cancellation } from '../../../domain/Cancellation';
import { wasSent } from '../../../domain/calls/sent';
import type { TokenUsage } from '../../../domain/Model';
import type {
  ByteSink,
  ForwardStreamRequest,
  StreamOutcome,
} from '../../../ports/ModelProvider';
import { GatheredWrites } from './GatheredWrites';
import { SseRelay } from './SseRelay';
import type { UpstreamConnection, UpstreamHead } from './UpstreamConnection';
import {
  cutShort,
  fromConnectionError,
  fromRefusal,
  garbled,
} from './upstreamErrors';

/** A refusal is short; whatever is longer is cut. */
const MAX_REFUSAL_BYTES = 64 * 1024;

const NOTHING: TokenUsage = { inputTokens: 0, outputTokens: 0 };

/** Runs one streaming chat request; see `OpenAiModelProvider.forwardStream`. */
export function relayStream(options: {
  connection: UpstreamConnection;
  deadlineMs: number;
  request: ForwardStreamRequest;
  sink: ByteSink;
  cancellation: Cancellation;
}): Promise<StreamOutcome> {
  const { connection, deadlineMs, request, sink, cancellation } = options;
  const { model, body, passUsage, estimateInput } = request;
  const relay = new SseRelay({ passUsage });
  const events = new GatheredWrites(chunk => {
    const passed = relay.push(chunk);
    return passed.length === 0 || sink.write(passed);
  });

  return new Promise((resolve, reject) => {
    let head: UpstreamHead | undefined;
    let streaming = false;
    const refusal: Buffer[] = [];
    let refusalBytes = 0;

    const usage = (): TokenUsage =>
      relay.usage ?? {
        inputTokens: estimateInput(),
        outputTokens: relay.estimateOutput(),
        isEstimate: true,
      };
    const fail = (error: Error) =>
      resolve({ usage: usage(), ended: 'failed', error });

    connection.send(
      { method: 'POST', path: '/chat/completions', body, deadlineMs },
      {
        onHead(received, flow) {
          head = received;
          streaming =
            received.status === 200 &&
            String(received.headers['content-type']).startsWith(
              'text/event-stream',
            );
          if (!streaming) return;
          sink.start();
          sink.onDrain(() => {
            events.drained();
            flow.resume();
          });
        },
        onData(chunk) {
          if (!streaming) {
            if (refusalBytes < MAX_REFUSAL_BYTES) refusal.push(chunk);
            refusalBytes += chunk.length;
            return true;
          }
          return events.push(chunk);
        },
        onEnd() {
          if (!streaming) {
            reject(
              head!.status === 200
                ? garbled(model)
                : fromRefusal(
                    { ...head!, body: Buffer.concat(refusal) },
                    model,
                  ),
            );
            return;
          }
          events.flush();
          const rest = relay.end();
          if (rest.length > 0) sink.write(rest);
          // Its own error event has reached the caller already.
          if (relay.failed) resolve({ usage: usage(), ended: 'failed' });
          else if (relay.done || relay.usage) {
            resolve({ usage: usage(), ended: 'complete' });
          } else fail(cutShort(model));
        },
        onError(error) {
          if (error instanceof CallCancelledError) {
            resolve({
              usage: wasSent(error) ? usage() : NOTHING,
              ended: 'cancelled',
            });
          } else if (streaming) {
            events.flush();
            fail(fromConnectionError(error, model));
          } else {
            reject(fromConnectionError(error, model));
          }
        },
      },
      cancellation,
    );
  });
}

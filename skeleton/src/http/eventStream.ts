import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { EnvironmentError } from '../genai/errors.ts';
import type { ChatEvent } from '../genai/chatClient.ts';
import type { Logger } from '../logger.ts';
import { toProblem } from './problem.ts';

/**
 * Sends a model's answer as server-sent events named by their type: `start`,
 * `text-delta`, `finish`, or `error` when it breaks off.
 *
 * The status line waits for the first event, so that what fails before a word was said
 * gets a proper error answer (by throwing). `stop` tells why the app gives the answer up
 * itself; a caller that hangs up ends the call to the model, too.
 */
export async function sendAnswer(options: {
  request: IncomingMessage;
  response: ServerResponse;
  logger: Logger;
  stop: AbortSignal;
  answer: (signal: AbortSignal) => AsyncGenerator<ChatEvent>;
}): Promise<void> {
  const { response, logger, stop, answer } = options;
  const hangUp = new AbortController();
  const onClose = () => hangUp.abort();
  response.once('close', onClose);
  const signal = AbortSignal.any([hangUp.signal, stop]);
  try {
    const events = answer(signal);
    const first = await events.next();
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // Reverse proxies that collect answers would defeat streaming.
      'X-Accel-Buffering': 'no',
    });
    if (!first.done) await write(response, first.value, signal);
    for await (const event of events) await write(response, event, signal);
  } catch (error) {
    if (hangUp.signal.aborted) return;
    if (!response.headersSent) throw stop.aborted ? stop.reason : error;
    logger.error('answer broke off', { reason: reasonOf(error) });
    const { detail } = toProblem(stop.aborted ? stop.reason : error).body;
    response.write(format({ type: 'error', message: detail }));
  } finally {
    response.off('close', onClose);
  }
  response.end();
}

/** What a log may say about an error: its kind, never its text. */
export function reasonOf(error: unknown): string {
  if (error instanceof EnvironmentError) return error.code;
  return error instanceof Error ? error.name : 'unknown';
}

async function write(
  response: ServerResponse,
  event: ChatEvent,
  signal: AbortSignal,
): Promise<void> {
  if (!response.write(format(event))) await once(response, 'drain', { signal });
}

function format(event: ChatEvent | { type: 'error'; message: string }): string {
  const { type, ...data } = event;
  return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}

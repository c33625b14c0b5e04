import { randomId, toProblem } from '@genai-environments/service-kit';
import type { Problem } from '@genai-environments/service-kit';
import type { FastifyReply } from 'fastify';
import type { ServerResponse } from 'node:http';
import { CallCancelledError } from '../domain/Cancellation';
import type { GenerationPart, PartIterator } from '../domain/Model';

/**
 * Takes the reply over and begins a stream of server-sent events. Its head goes out with
 * the first event.
 */
export function startEventStream(reply: FastifyReply): void {
  const headers = reply.getHeaders();
  reply.hijack();
  reply.raw.writeHead(200, {
    ...(headers as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    // Asks nginx not to hold parts back.
    'x-accel-buffering': 'no',
  });
}

/** Writes the parts of a generation as the events of one API. */
export interface EventWriter {
  /** Before the first part. */
  begin(): string;
  /** Events of one part; may be none. */
  part(part: GenerationPart): string;
  /** After the last part. */
  end(): string;
  /** The last event of a stream that broke. */
  failure(problem: Problem): string;
}

/**
 * Answers with a stream of events, at the caller's pace. Parts that came together go out
 * together.
 */
export async function sendParts(
  reply: FastifyReply,
  parts: PartIterator,
  writer: EventWriter,
): Promise<void> {
  const { raw } = reply;
  startEventStream(reply);
  let events = writer.begin();
  try {
    for (;;) {
      const next = await parts.next();
      if (next.done) break;
      events += writer.part(next.value) + writeReady(parts, writer);
      if (events && !raw.write(events) && !raw.destroyed) {
        await drained(raw);
      }
      events = '';
    }
    raw.end(events + writer.end());
  } catch (error) {
    await parts.return?.();
    if (error instanceof CallCancelledError) raw.destroy();
    else raw.end(events + writer.failure(toLoggedProblem(error, reply)));
  }
}

/** Resolves when there is room again or nobody reads any more, and leaves no listener. */
function drained(raw: ServerResponse): Promise<void> {
  return new Promise(resolve => {
    const end = () => {
      raw.off('drain', end).off('close', end);
      resolve();
    };
    raw.once('drain', end).once('close', end);
  });
}

function writeReady(parts: PartIterator, writer: EventWriter): string {
  let events = '';
  for (;;) {
    const part = parts.takeReady?.();
    if (!part) return events;
    events += writer.part(part);
  }
}

/** A stream's status was sent long ago: what went wrong is told within, and logged here. */
export function toLoggedProblem(error: unknown, reply: FastifyReply): Problem {
  const { problem } = toProblem(error, { newLogId: randomId });
  if (problem.log_id) {
    reply.log.error(
      { err: error, logId: problem.log_id, code: problem.code },
      'A stream broke',
    );
  }
  return problem;
}

import { randomId, toProblem } from '@genai-environments/service-kit';
import type { Problem } from '@genai-environments/service-kit';
import type { FastifyReply } from 'fastify';
import { once } from 'node:events';
import { CallCancelledError } from '../domain/Cancellation';
import type { GenerationPart } from '../domain/Model';

/** Takes the reply over and begins a stream of server-sent events. */
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
  reply.raw.flushHeaders();
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

/** Answers with a stream of events, at the caller's pace. */
export async function sendParts(
  reply: FastifyReply,
  parts: AsyncIterable<GenerationPart>,
  writer: EventWriter,
): Promise<void> {
  const { raw } = reply;
  const send = async (events: string) => {
    if (events && !raw.write(events) && !raw.destroyed) {
      await Promise.race([once(raw, 'drain'), once(raw, 'close')]);
    }
  };
  startEventStream(reply);
  try {
    await send(writer.begin());
    for await (const part of parts) await send(writer.part(part));
    raw.end(writer.end());
  } catch (error) {
    if (error instanceof CallCancelledError) raw.destroy();
    else raw.end(writer.failure(toLoggedProblem(error, reply)));
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

import { IdGenerator, toProblem } from '@genai-environments/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { once } from 'node:events';
import type { Answer, AnswerEvent } from '../domain/answers/Answers';

/**
 * Sends events as they come. What goes wrong before the first one rejects and becomes an
 * ordinary error answer; later trouble is the last event.
 */
export async function sendAnswerStream(
  events: AsyncGenerator<AnswerEvent>,
  options: {
    request: FastifyRequest;
    reply: FastifyReply;
    newId: IdGenerator;
    toBody: (answer: Answer) => object;
  },
): Promise<void> {
  const { request, reply, newId, toBody } = options;
  const { raw } = reply;
  let next = await events.next();
  reply.hijack();
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  });
  try {
    for (; !next.done; next = await events.next()) {
      const event = next.value;
      await write(
        raw,
        event.type === 'finish'
          ? { type: 'finish', ...toBody(event.answer) }
          : event,
      );
    }
  } catch (error) {
    // Nobody is there to be told, and hanging up is no failure.
    if (raw.destroyed) return;
    const { problem, unexpected } = toProblem(error, { newLogId: newId });
    if (unexpected) {
      request.log.error(
        { err: error, logId: problem.log_id },
        'A streamed answer broke',
      );
    }
    await write(raw, { type: 'error', problem });
  } finally {
    await events.return(undefined);
    raw.end();
  }
}

async function write(raw: FastifyReply['raw'], event: object): Promise<void> {
  if (raw.destroyed) return;
  if (raw.write(`data: ${JSON.stringify(event)}\n\n`)) return;
  const settled = new AbortController();
  const { signal } = settled;
  await Promise.race([
    once(raw, 'drain', { signal }),
    once(raw, 'close', { signal }),
  ]).finally(() => settled.abort());
}

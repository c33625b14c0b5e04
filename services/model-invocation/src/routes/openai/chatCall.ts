import type { FastifyReply } from 'fastify';
import type { ChatRequest } from './schemas';

/** A chat request that was let in. */
export type ChatCall = {
  body: ChatRequest;
  /** The body as it was sent. */
  rawBody: string;
  clientId: string;
  reply: FastifyReply;
};

/** Takes the reply over and begins a stream of server-sent events. */
export function startEventStream(reply: FastifyReply): void {
  reply.hijack();
  reply.raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    // Asks nginx not to hold parts back.
    'x-accel-buffering': 'no',
  });
  reply.raw.flushHeaders();
}

/** One server-sent event. */
export function toEvent(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

import type { FastifyReply } from 'fastify';
import type { WantedCall } from '../../domain/calls/ModelCalls';
import type { Cancellation } from '../../domain/Cancellation';
import { boundTokens } from '../../domain/tokens';
import { mostTokensOf } from './outputBounds';
import type { ChatRequest } from './schemas';

/** A chat request that was let in. */
export type ChatCall = {
  body: ChatRequest;
  /** The body as it was sent; absent when `body` says something else. */
  rawBody?: string;
  clientId: string;
  reply: FastifyReply;
  cancellation: Cancellation;
  /** For how long the answer is to be remembered. */
  cacheSeconds?: number;
};

/** The same, once it is known how much of it may be answered. */
export type BoundChatCall = ChatCall & {
  /** Most tokens of one answer; absent: no limit has to hold. */
  maxTokens: number | undefined;
};

/** What the gate and the ledger are told of it. */
export function toWantedCall(call: ChatCall): WantedCall {
  const { body, clientId, cancellation } = call;
  return {
    clientId,
    model: body.model,
    kind: 'text',
    inputTokens: boundInput(body),
    maxOutputTokens: mostTokensOf(body),
    answers: body.n ?? 1,
    asked: () => textOfChat(body),
    cancellation,
  };
}

/** One server-sent event. */
export function toEvent(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

/** Are counted by themselves, or are nothing that a model reads. */
const NOT_READ: ReadonlySet<string> = new Set([
  ...['model', 'messages', 'stream', 'stream_options', 'stop'],
]);

function boundInput(body: ChatRequest): number {
  const { messages } = body;
  let bytes = 0;
  // Tools, functions, schemas of answers and whatever else a server adds to the prompt.
  for (const [name, value] of Object.entries(body)) {
    if (NOT_READ.has(name) || !value) continue;
    if (typeof value === 'string') bytes += Buffer.byteLength(value);
    else if (typeof value === 'object') {
      bytes += Buffer.byteLength(JSON.stringify(value));
    }
  }
  let images = 0;
  for (const { content, tool_calls: calls } of messages) {
    if (typeof content === 'string') bytes += Buffer.byteLength(content);
    else {
      for (const part of content ?? []) {
        if (typeof part.text === 'string') {
          bytes += Buffer.byteLength(part.text);
        } else images += 1;
      }
    }
    if (calls) bytes += Buffer.byteLength(JSON.stringify(calls));
  }
  return boundTokens(bytes, images);
}

function textOfChat({ messages }: ChatRequest): string {
  const texts = messages.flatMap(({ content }) =>
    typeof content === 'string'
      ? [content]
      : (content ?? []).map(part => part.text ?? ''),
  );
  return texts.join('\n');
}

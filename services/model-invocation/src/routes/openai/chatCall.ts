import type { FastifyReply } from 'fastify';
import type { WantedCall } from '../../domain/calls/ModelCalls';
import type { Cancellation } from '../../domain/Cancellation';
import {
  boundTokens,
  estimateJsonTokens,
  estimateTokens,
  IMAGE_TOKENS,
} from '../../domain/tokens';
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
  /** Tokens of what is asked, for when nobody counts them. */
  estimateInput: () => number;
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
    estimateInput: () => estimateInput(body),
    isStreamed: body.stream === true,
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

/** What is found in a request, one after the other. */
interface InputReader {
  text(text: string): void;
  json(text: string): void;
  /** An image, a sound, or a file. */
  file(): void;
}

function readInput(body: ChatRequest, reader: InputReader): void {
  // Tools, functions, schemas of answers and whatever else a server adds to the prompt.
  for (const [name, value] of Object.entries(body)) {
    if (NOT_READ.has(name) || !value) continue;
    if (typeof value === 'string') reader.text(value);
    else if (typeof value === 'object') reader.json(JSON.stringify(value));
  }
  for (const { content, tool_calls: calls } of body.messages) {
    if (typeof content === 'string') reader.text(content);
    else {
      for (const { type, text } of content ?? []) {
        if (typeof text === 'string') reader.text(text);
        // With a text or without: some servers read both.
        if (type !== 'text') reader.file();
      }
    }
    if (calls) reader.json(JSON.stringify(calls));
  }
}

function boundInput(body: ChatRequest): number {
  let bytes = 0;
  let files = 0;
  const add = (text: string) => {
    bytes += Buffer.byteLength(text);
  };
  readInput(body, { text: add, json: add, file: () => files++ });
  return boundTokens(bytes, files);
}

function estimateInput(body: ChatRequest): number {
  let tokens = 0;
  readInput(body, {
    text(text) {
      tokens += estimateTokens(text);
    },
    json(text) {
      tokens += estimateJsonTokens(text);
    },
    file() {
      tokens += IMAGE_TOKENS;
    },
  });
  return tokens;
}

import { EnvironmentError, errorFromStatus } from './errors.ts';
import { readServerSentEvents } from './serverSentEvents.ts';
import type { TokenClient } from './tokenClient.ts';

export type ChatMessage = {
  role: 'system' | 'user' | 'assistant';
  content: string;
};

/** What a streamed answer consists of: one `start`, any number of deltas, one `finish`. */
export type ChatEvent =
  | { type: 'start'; model: string }
  | { type: 'text-delta'; text: string }
  | {
      type: 'finish';
      finishReason: string;
      inputTokens?: number;
      outputTokens?: number;
    };

export type ChatClient = {
  /**
   * Streams the model's answer. Ends without a `finish` only by throwing.
   *
   * @throws EnvironmentError, or the reason of `signal` once that is aborted.
   */
  stream(options: {
    messages: ChatMessage[];
    signal: AbortSignal;
  }): AsyncGenerator<ChatEvent>;
};

/** The few fields of a chunk that are used here. */
type Chunk = {
  model?: string;
  choices?: Array<{
    delta?: { content?: string | null };
    finish_reason?: string | null;
  }>;
  usage?: { prompt_tokens?: number; completion_tokens?: number } | null;
  error?: unknown;
};

/** Client of the environment's `POST /v1/chat/completions`. */
export function createChatClient(options: {
  endpoint: string;
  model: string | undefined;
  tokens: TokenClient;
  fetch?: typeof fetch;
}): ChatClient {
  const { endpoint, model, tokens } = options;
  const doFetch = options.fetch ?? fetch;

  const send = async (body: string, token: string, signal: AbortSignal) => {
    try {
      return await doFetch(`${endpoint}/v1/chat/completions`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${token}`,
          'Content-Type': 'application/json',
          Accept: 'text/event-stream',
        },
        body,
        redirect: 'error',
        signal,
      });
    } catch (cause) {
      signal.throwIfAborted();
      throw new EnvironmentError('unavailable', { cause });
    }
  };

  const request = async (body: string, signal: AbortSignal) => {
    const token = await tokens.getToken();
    const response = await send(body, token, signal);
    if (response.status !== 401) return response;
    // The token may have been revoked, or the environment restarted with new keys.
    tokens.invalidate(token);
    await response.body?.cancel();
    return send(body, await tokens.getToken(), signal);
  };

  return {
    async *stream({ messages, signal }) {
      if (model === undefined) throw new EnvironmentError('no-model');
      const body = JSON.stringify({
        model,
        messages,
        stream: true,
        stream_options: { include_usage: true },
      });
      const response = await request(body, signal);
      if (!response.ok || !response.body) {
        await response.body?.cancel();
        throw errorFromStatus(response);
      }
      try {
        yield* readAnswer(readServerSentEvents(response.body), model);
      } catch (cause) {
        signal.throwIfAborted();
        if (cause instanceof EnvironmentError) throw cause;
        throw new EnvironmentError('interrupted', { cause });
      }
    },
  };
}

async function* readAnswer(
  events: AsyncIterable<string>,
  askedModel: string,
): AsyncGenerator<ChatEvent> {
  let started = false;
  let finishReason: string | undefined;
  let usage: Chunk['usage'];
  for await (const data of events) {
    if (data === '[DONE]') break;
    const chunk = JSON.parse(data) as Chunk;
    if (chunk.error) throw new EnvironmentError('interrupted');
    if (!started) yield { type: 'start', model: chunk.model ?? askedModel };
    started = true;
    const choice = chunk.choices?.[0];
    const text = choice?.delta?.content;
    if (text) yield { type: 'text-delta', text };
    finishReason = choice?.finish_reason ?? finishReason;
    usage = chunk.usage ?? usage;
  }
  // Without a finish reason the connection broke, however politely it was closed.
  if (finishReason === undefined) throw new EnvironmentError('interrupted');
  yield {
    type: 'finish',
    finishReason,
    ...(usage?.prompt_tokens === undefined
      ? {}
      : { inputTokens: usage.prompt_tokens }),
    ...(usage?.completion_tokens === undefined
      ? {}
      : { outputTokens: usage.completion_tokens }),
  };
}

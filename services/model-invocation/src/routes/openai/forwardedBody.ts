import type { MaxTokensMember } from '../../ports/ModelProvider';
import { hasLookalike, withMaximum, withoutLookalikes } from './outputBounds';
import type { ChatRequest } from './schemas';

/** What is sent to a server that speaks OpenAI's API. */
export type Forwarding = {
  /** The body as it was sent; absent when it says something else. */
  rawBody: string | undefined;
  /** The model that is asked, which an alias in the body may stand for. */
  model: string;
  /** Most tokens of one answer when a limit has to hold; the body is then written anew. */
  maxTokens?: number;
  /** How the server calls that; default `max_tokens`. */
  maxTokensMember?: MaxTokensMember;
};

const STREAM_KEYS = [
  '"model"',
  '"stream"',
  '"stream_options"',
  '"include_usage"',
];

/**
 * JSON for a server that speaks OpenAI's API: the bytes as they were sent where that is
 * safe, which spares writing them anew.
 */
export function forwardedBody(
  body: { model: string },
  forwarding: Forwarding,
): string {
  const { rawBody, model } = forwarding;
  if (
    mayPass(body, forwarding) &&
    readsTheSame(rawBody!, ['"model"', '"stream"'])
  ) {
    return rawBody!;
  }
  return JSON.stringify({ ...normalized(body, forwarding), model });
}

/**
 * The same for a chat that is streamed. Usage is asked for even when the caller does not:
 * it is what gets booked.
 */
export function forwardedStreamBody(
  body: ChatRequest,
  forwarding: Forwarding,
): string {
  const { rawBody, model } = forwarding;
  const options = body.stream_options;
  if (
    mayPass(body, forwarding) &&
    options?.include_usage &&
    !hasLookalike(options) &&
    readsTheSame(rawBody!, STREAM_KEYS)
  ) {
    return rawBody!;
  }
  return JSON.stringify({
    ...normalized(body, forwarding),
    model,
    stream_options: {
      ...withoutLookalikes(options ?? {}),
      include_usage: true,
    },
  });
}

const ESCAPED_ASCII_LETTER = /\\u00[4-7]/;

function mayPass(
  body: { model: string },
  { rawBody, model, maxTokens }: Forwarding,
): boolean {
  return (
    rawBody !== undefined &&
    maxTokens === undefined &&
    body.model === model &&
    !hasLookalike(body)
  );
}

function normalized(
  body: { model: string },
  { maxTokens, maxTokensMember }: Forwarding,
): object {
  const plain = withoutLookalikes(body);
  return maxTokens === undefined
    ? plain
    : withMaximum(plain, maxTokens, maxTokensMember);
}

/**
 * Whether the upstream is certain to read the same of these members as we did. JSON with
 * a key twice, or with a key written in escapes, is read differently by different
 * parsers; a caller could name an allowed model to us and another one to it.
 */
function readsTheSame(rawBody: string, keys: string[]): boolean {
  return (
    keys.every(key => {
      const first = rawBody.indexOf(key);
      return first < 0 || rawBody.indexOf(key, first + key.length) < 0;
    }) && !ESCAPED_ASCII_LETTER.test(rawBody)
  );
}

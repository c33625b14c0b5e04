import type { ChatRequest } from './schemas';

/**
 * JSON for a server that speaks OpenAI's API: the bytes as they were sent where that is
 * safe, which spares writing them anew.
 *
 * @param model - the model that is asked, which an alias in `body` may stand for
 */
export function forwardedBody(
  body: { model: string },
  rawBody: string | undefined,
  model: string,
): string {
  if (rawBody !== undefined && body.model === model) {
    if (readsTheSame(rawBody, ['"model"'])) return rawBody;
  }
  return JSON.stringify({ ...body, model });
}

/**
 * The same for a chat that is streamed. Usage is asked for even when the caller does not:
 * it is what gets booked.
 */
export function forwardedStreamBody(
  body: ChatRequest,
  rawBody: string | undefined,
  model: string,
): string {
  const options = body.stream_options;
  if (
    rawBody !== undefined &&
    body.model === model &&
    options?.include_usage &&
    readsTheSame(rawBody, ['"model"', '"stream_options"', '"include_usage"'])
  ) {
    return rawBody;
  }
  return JSON.stringify({
    ...body,
    model,
    stream_options: { ...options, include_usage: true },
  });
}

const ESCAPED_ASCII_LETTER = /\\u00[4-7]/;

/**
 * Whether the upstream is certain to read the same of these members as we did. JSON with
 * a key twice, or with a key written in escapes, is read differently by different
 * parsers; a caller could name an allowed model to us and another one to it.
 */
function readsTheSame(rawBody: string, keys: string[]): boolean {
  return (
    keys.every(key => {
      const first = rawBody.indexOf(key);
      return first >= 0 && rawBody.indexOf(key, first + key.length) < 0;
    }) && !ESCAPED_ASCII_LETTER.test(rawBody)
  );
}

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
  if (rawBody !== undefined && body.model === model && isPlain(rawBody)) {
    return rawBody;
  }
  return JSON.stringify({ ...body, model });
}

const ESCAPED_ASCII_LETTER = /\\u00[4-7]/;

/**
 * Whether the upstream is certain to read the same model from these bytes as we did.
 * JSON with a key twice, or with a key written in escapes, is read differently by
 * different parsers; a caller could name an allowed model to us and another one to it.
 */
function isPlain(rawBody: string): boolean {
  const first = rawBody.indexOf('"model"');
  return (
    first >= 0 &&
    rawBody.indexOf('"model"', first + 7) < 0 &&
    !ESCAPED_ASCII_LETTER.test(rawBody)
  );
}

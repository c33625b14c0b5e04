import type { FastifyInstance, FastifyRequest } from 'fastify';
import { InvalidInputError } from '../errors';

/** Thrown when a body has a media type that the route does not take. */
class WrongMediaTypeError extends Error {
  readonly code = 'FST_ERR_CTP_INVALID_MEDIA_TYPE';
  readonly statusCode = 415;
}

/**
 * Parses JSON bodies as existing notebooks send them: also without `Content-Type`, and
 * with a JSON `Content-Type` but no body at all.
 */
export function addJsonBodyParser(app: FastifyInstance): void {
  app.decorateRequest('rawBody', undefined);
  app.removeAllContentTypeParsers();
  for (const type of ['application/json', /^application\/[\w.-]+\+json(;|$)/]) {
    app.addContentTypeParser<string>(
      type,
      { parseAs: 'string' },
      (request, body, done) => parse(request, body, done),
    );
  }
  app.addContentTypeParser<string>(
    '*',
    { parseAs: 'string' },
    (request, body, done) => {
      if (request.headers['content-type'] === undefined || body === '') {
        parse(request, body, done);
      } else {
        done(new WrongMediaTypeError());
      }
    },
  );
}

/** Writing JSON, and looking at it, costs stack for each level: no honest body has so many. */
const MAX_DEPTH = 200;

/** @throws InvalidInputError when the text is not JSON, or nested too deeply */
export function parseJson(text: string): unknown {
  // An empty body is no body: the route's schema decides whether it needs one.
  if (text.length === 0) return undefined;
  if (isTooDeep(text)) {
    throw new InvalidInputError(
      `The body nests objects and arrays more than ${MAX_DEPTH} levels deep. Flatten it.`,
      { code: 'json_too_deep' },
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidInputError(
      `The body is not valid JSON${position(
        error,
      )}. Check quotes, commas and brackets.`,
      { code: 'malformed_json' },
    );
  }
}

function parse(
  request: FastifyRequest,
  text: string,
  done: (error: Error | null, value?: unknown) => void,
): void {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    done(error as Error);
    return;
  }
  request.rawBody = text;
  done(null, value);
}

/** Of text that is no JSON either answer will do: it is refused after this. */
function isTooDeep(text: string): boolean {
  if (!hasMore(text, MAX_DEPTH)) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text[at]) {
      case '"':
        at = endOfString(text, at);
        break;
      case '[':
      case '{':
        depth += 1;
        if (depth > MAX_DEPTH) return true;
        break;
      case ']':
      case '}':
        depth -= 1;
        break;
      default:
    }
  }
  return false;
}

/** Whether anything can be so deep at all; as fast as looking for a character. */
function hasMore(text: string, brackets: number): boolean {
  let found = 0;
  for (const bracket of '[{') {
    let at = text.indexOf(bracket);
    while (at >= 0) {
      found += 1;
      if (found > brackets) return true;
      at = text.indexOf(bracket, at + 1);
    }
  }
  return false;
}

/** Of the string that begins at `start`: where its closing quote is, or the text's end. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '"') return at;
    if (text[at] === '\\') at += 1;
  }
  return text.length;
}

/** V8's message quotes what was sent; only the position is passed on. */
function position(error: unknown): string {
  const match = /at position (\d+)/.exec((error as Error).message);
  return match ? ` (at character ${match[1]})` : '';
}

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

/** @throws InvalidInputError when the text is not JSON */
export function parseJson(text: string): unknown {
  // An empty body is no body: the route's schema decides whether it needs one.
  if (text.length === 0) return undefined;
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

/** V8's message quotes what was sent; only the position is passed on. */
function position(error: unknown): string {
  const match = /at position (\d+)/.exec((error as Error).message);
  return match ? ` (at character ${match[1]})` : '';
}

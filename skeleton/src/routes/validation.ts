import { HttpError } from '../http/errors.ts';
import type { Issue } from '../http/errors.ts';

/** The body as an object that has no fields but `allowed`. @throws HttpError 422 */
export function asObject(
  body: unknown,
  allowed: readonly string[],
): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalid([{ path: '', message: 'The body must be a JSON object.' }]);
  }
  const unknown = Object.keys(body).filter(key => !allowed.includes(key));
  if (unknown.length > 0) {
    throw invalid(
      unknown.map(path => ({
        path,
        message: `Remove it: only ${allowed.join(' and ')} can be given.`,
      })),
    );
  }
  return body as Record<string, unknown>;
}

/** A text of 1 to `max` characters that is not only blanks. @throws HttpError 422 */
export function asText(options: {
  value: unknown;
  path: string;
  /** What the text is called in the message: `The question`. */
  label: string;
  max: number;
}): string {
  const { value, path, label, max } = options;
  if (typeof value !== 'string' || value.trim() === '') {
    throw invalid([{ path, message: `${label} is empty. Enter some text.` }]);
  }
  if (value.length > max) {
    const count = (n: number) => n.toLocaleString('en');
    throw invalid([
      {
        path,
        message: `${label} has ${count(
          value.length,
        )} characters; at most ${count(max)} are possible. Shorten it.`,
      },
    ]);
  }
  return value;
}

/** A request that is well-formed but not acceptable. */
export function invalid(issues: Issue[]): HttpError {
  const detail = issues
    .map(({ path, message }) => (path ? `${path}: ${message}` : message))
    .join(' ');
  return new HttpError(422, detail, { issues });
}

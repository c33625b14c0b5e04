import { isError, ResponseError } from '@backstage/errors';

/** The sentence an error has for people. */
export function errorMessage(error: unknown): string {
  if (error instanceof ResponseError) {
    const message = error.body?.error?.message;
    if (message) return message;
  }
  if (isUnreachable(error)) {
    return 'The portal does not answer. Check your connection, or wait a moment, and try again.';
  }
  if (isError(error) && error.message) return error.message;
  return 'Something unexpected went wrong. Try again.';
}

/** Browsers say that no answer came by a `TypeError` with a text of their own. */
function isUnreachable(error: unknown): boolean {
  return (
    error instanceof TypeError &&
    /failed to fetch|networkerror|load failed/i.test(error.message)
  );
}

/** HTTP status of a failed call, when it got that far. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof ResponseError ? error.statusCode : undefined;
}

export function isNotFound(error: unknown): boolean {
  return statusOf(error) === 404;
}

export function isConflict(error: unknown): boolean {
  return statusOf(error) === 409;
}

/** `true` when repeating the same call cannot help. */
export function isFinal(error: unknown): boolean {
  const status = statusOf(error);
  return status === 400 || status === 403 || status === 404 || status === 410;
}

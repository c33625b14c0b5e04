import {
  AuthenticationError,
  ConflictError,
  InputError,
  isError,
  NotAllowedError,
  NotFoundError,
  ResponseError,
  ServiceUnavailableError,
} from '@backstage/errors';

/** The status of an answer outside 2xx; `undefined` when nothing was answered. */
export function statusOf(error: unknown): number | undefined {
  return isResponseError(error) ? error.statusCode : undefined;
}

/** Whether the same call can succeed a little later: nothing was answered, or busy. */
export function isTransient(error: unknown): boolean {
  const status = statusOf(error);
  if (status !== undefined) return [429, 502, 503, 504].includes(status);
  // What fetch throws, and AbortSignal.timeout, by name because of differing realms.
  return isNamed(error, 'TypeError') || isNamed(error, 'TimeoutError');
}

function isResponseError(error: unknown): error is ResponseError {
  return isNamed(error, 'ResponseError');
}

function isNamed(error: unknown, name: string): error is Error {
  return (error as Error | undefined)?.name === name;
}

/**
 * Makes an error for the task log: the sentence of the API instead of the request it
 * belongs to, and no stack, because the log shows that to people who cannot use it.
 */
export function toTaskError(error: unknown): Error {
  return withoutStack(translate(error));
}

/** An error whose log entry is just its sentence. */
export function withoutStack<T extends Error>(error: T): T {
  error.stack = `${error.name}: ${error.message}`;
  return error;
}

function translate(error: unknown): Error {
  if (!isResponseError(error)) {
    if (isTransient(error)) {
      return new ServiceUnavailableError(
        'The GenAI Environments backend could not be reached. Try again in a moment; if it stays so, tell the platform team.',
      );
    }
    if (isNamed(error, 'AbortError')) {
      return new Error('The task was cancelled before this step was done.');
    }
    return isError(error) ? error : new Error(String(error));
  }
  const sentence = error.body?.error?.message || error.message;
  switch (error.statusCode) {
    case 400:
    case 422:
      return new InputError(sentence);
    case 401:
      return new AuthenticationError(
        `${sentence} Sign in again and start the task once more.`,
      );
    case 403:
      return new NotAllowedError(sentence);
    case 404:
      return new NotFoundError(sentence);
    case 409:
      return new ConflictError(sentence);
    default:
      return new ServiceUnavailableError(
        `The GenAI Environments backend answered ${error.statusCode}: ${sentence}`,
      );
  }
}

import { STATUS_CODES } from 'node:http';
import { EnvironmentError } from '../genai/errors.ts';
import type { EnvironmentErrorCode } from '../genai/errors.ts';
import { HttpError } from './errors.ts';
import type { Issue } from './errors.ts';

/** An error answer, ready to be sent as `application/problem+json` (RFC 9457). */
export type Problem = {
  status: number;
  headers: Record<string, string>;
  body: { title: string; status: number; detail: string; issues?: Issue[] };
};

const STATUS_OF: Record<EnvironmentErrorCode, number> = {
  'credentials-refused': 502,
  'rate-limited': 429,
  'request-refused': 422,
  unavailable: 503,
  interrupted: 502,
  'no-model': 503,
};

/** What an unexpected error is called: its own text may hold what nobody should read. */
const UNEXPECTED_ERROR =
  'Something went wrong in this app. Try again; the app’s log has the reason.';

/** Maps an error to the answer its caller gets. */
export function toProblem(error: unknown): Problem {
  if (error instanceof HttpError) {
    return problem(error.status, error.message, error.headers, error.issues);
  }
  if (error instanceof EnvironmentError) {
    const { retryAfterSeconds } = error;
    return problem(
      STATUS_OF[error.code],
      error.message,
      retryAfterSeconds === undefined
        ? {}
        : { 'Retry-After': String(retryAfterSeconds) },
    );
  }
  return problem(500, UNEXPECTED_ERROR);
}

function problem(
  status: number,
  detail: string,
  headers: Record<string, string> = {},
  issues: Issue[] = [],
): Problem {
  return {
    status,
    headers,
    body: {
      title: STATUS_CODES[status] ?? 'Error',
      status,
      detail,
      ...(issues.length > 0 ? { issues } : {}),
    },
  };
}

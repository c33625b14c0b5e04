import { STATUS_CODES } from 'node:http';
import {
  ConflictError,
  ContentTooLargeError,
  DependencyError,
  DomainError,
  ForbiddenError,
  InvalidInputError,
  LimitExceededError,
  MethodNotAllowedError,
  NotFoundError,
  SchemaIssue,
  SchemaViolationError,
  UnauthenticatedError,
  UnsupportedContentError,
} from './DomainError';

/** Media type of every error answer. @see https://www.rfc-editor.org/rfc/rfc9457 */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** An error answer: RFC 9457 members and our extensions. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** Stable, for programs. */
  code: string;
  /** With 422: what the schema refused. */
  issues?: SchemaIssue[];
  /** Whether the same request may succeed when it is repeated. */
  retryable?: boolean;
  /** With 5xx: names the log line that holds the cause. */
  log_id?: string;
};

/** A problem and the headers that belong to it. */
export type ProblemAnswer = {
  problem: Problem;
  headers: Record<string, string>;
  /** The error is ours, not the caller's: log it. */
  unexpected: boolean;
};

/**
 * Maps any thrown value to the answer a caller gets. What is not a
 * {@link DomainError} or a client error of the HTTP layer becomes a 500 whose text
 * tells nothing about the inside.
 */
export function toProblem(
  error: unknown,
  options: { newLogId: () => string },
): ProblemAnswer {
  if (error instanceof DomainError) return fromDomainError(error, options);

  const http = fromHttpLayer(error);
  if (http) return { problem: http, headers: {}, unexpected: false };

  const logId = options.newLogId();
  return {
    problem: {
      ...base(500),
      detail: `Something went wrong on our side. Try again; if it persists, report log id ${logId}.`,
      code: 'internal_error',
      log_id: logId,
    },
    headers: {},
    unexpected: true,
  };
}

function fromDomainError(
  error: DomainError,
  options: { newLogId: () => string },
): ProblemAnswer {
  const status = statusOf(error);
  const problem: Problem = {
    ...base(status),
    detail: error.message,
    code: error.code,
  };
  const headers: Record<string, string> = {};

  if (error instanceof SchemaViolationError) problem.issues = error.issues;
  if (error instanceof UnauthenticatedError) {
    headers['www-authenticate'] = challenge(error.challenge, error.message);
  }
  if (error instanceof ForbiddenError && error.sufficientScopes) {
    headers['www-authenticate'] = `${challenge(
      'insufficient_scope',
    )}, scope="${error.sufficientScopes.join(' ')}"`;
  }
  if (error instanceof LimitExceededError && !error.retryable) {
    problem.retryable = false;
  }
  if (error instanceof MethodNotAllowedError) {
    headers.allow = error.allowedMethods.join(', ');
  }
  if (error instanceof DependencyError) {
    problem.retryable = error.retryable;
    problem.log_id = options.newLogId();
  }
  if (
    (error instanceof LimitExceededError || error instanceof DependencyError) &&
    error.retryAfterSeconds !== undefined
  ) {
    headers['retry-after'] = String(Math.ceil(error.retryAfterSeconds));
  }
  return { problem, headers, unexpected: status >= 500 };
}

function statusOf(error: DomainError): number {
  if (error instanceof InvalidInputError) return 400;
  if (error instanceof UnauthenticatedError) return 401;
  if (error instanceof ForbiddenError) return 403;
  if (error instanceof NotFoundError) return 404;
  if (error instanceof MethodNotAllowedError) return 405;
  if (error instanceof ConflictError) return 409;
  if (error instanceof ContentTooLargeError) return 413;
  if (error instanceof UnsupportedContentError) return 415;
  if (error instanceof SchemaViolationError) return 422;
  if (error instanceof LimitExceededError) return 429;
  if (error instanceof DependencyError) {
    return { failed: 502, unavailable: 503, timeout: 504 }[error.kind];
  }
  return 500;
}

/** Errors that Fastify raises before a handler runs. */
const HTTP_LAYER: Record<number, { code: string; detail: string }> = {
  400: {
    code: 'bad_request',
    detail: 'The request is malformed. Check its address, headers and body.',
  },
  413: {
    code: 'body_too_large',
    detail: 'The body is larger than this route accepts. Send less at once.',
  },
  414: {
    code: 'address_too_long',
    detail: 'A part of the address is longer than this route accepts.',
  },
  415: {
    code: 'unsupported_media_type',
    detail:
      'This route takes JSON. Send the header "Content-Type: application/json".',
  },
  503: {
    code: 'shutting_down',
    detail: 'The environment is stopping or restarting. Try again shortly.',
  },
};

function fromHttpLayer(error: unknown): Problem | undefined {
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  if (!code?.startsWith('FST_ERR') || !statusCode) return undefined;
  const known = HTTP_LAYER[statusCode];
  return known && { ...base(statusCode), ...known };
}

function challenge(error?: string, description?: string): string {
  const parts = ['Bearer realm="genai-environment"'];
  if (error) parts.push(`error="${error}"`);
  // Quotes and non-ASCII may not stand in a quoted-string of this header (RFC 6750).
  if (error && description) {
    parts.push(
      `error_description="${description.replace(/[^\x20-\x7e]|["\\]/g, "'")}"`,
    );
  }
  return parts.join(', ');
}

function base(status: number): Pick<Problem, 'type' | 'title' | 'status'> {
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
  };
}

/**
 * An error that a caller may see. Domain code throws one of the classes below and
 * knows nothing of HTTP: the app builder maps class to status.
 *
 * The message is a sentence the caller can act on and never holds a secret.
 */
export abstract class DomainError extends Error {
  /** Stable, for programs: `model_not_found`. */
  readonly code: string;

  constructor(message: string, options: { code: string; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.code = options.code;
  }
}

/** What was asked makes no sense in itself. */
export class InvalidInputError extends DomainError {
  override readonly name = 'InvalidInputError';

  constructor(
    message: string,
    options: { code?: string; cause?: unknown } = {},
  ) {
    super(message, { code: 'invalid_input', ...options });
  }
}

/** One field that a schema refuses; `path` is dotted: `messages.0.content`. */
export type SchemaIssue = { path: string; message: string };

/** The shape of the input is not what the schema says. */
export class SchemaViolationError extends DomainError {
  override readonly name = 'SchemaViolationError';
  readonly issues: SchemaIssue[];

  constructor(
    message: string,
    options: { issues: SchemaIssue[]; code?: string },
  ) {
    super(message, { code: options.code ?? 'schema_violation' });
    this.issues = options.issues;
  }
}

/** The caller did not prove who it is. */
export class UnauthenticatedError extends DomainError {
  override readonly name = 'UnauthenticatedError';
  /** Absent when no credential was sent (RFC 6750, section 3.1). */
  readonly challenge?: 'invalid_token' | 'invalid_request';

  constructor(
    message: string,
    options: {
      code?: string;
      challenge?: 'invalid_token' | 'invalid_request';
      cause?: unknown;
    } = {},
  ) {
    super(message, { code: options.code ?? 'unauthenticated', ...options });
    this.challenge = options.challenge;
  }
}

/** The caller is known and may not. */
export class ForbiddenError extends DomainError {
  override readonly name = 'ForbiddenError';
  /** Scopes of which any one would have been enough. */
  readonly sufficientScopes?: readonly string[];

  constructor(
    message: string,
    options: { code?: string; sufficientScopes?: readonly string[] } = {},
  ) {
    super(message, { code: options.code ?? 'forbidden' });
    this.sufficientScopes = options.sufficientScopes;
  }
}

/** It does not exist, or belongs to another application. */
export class NotFoundError extends DomainError {
  override readonly name = 'NotFoundError';

  constructor(
    message: string,
    options: { code?: string; cause?: unknown } = {},
  ) {
    super(message, { code: 'not_found', ...options });
  }
}

/** It exists, but not for what was asked of it. */
export class MethodNotAllowedError extends DomainError {
  override readonly name = 'MethodNotAllowedError';
  /** What can be asked instead: `GET`. */
  readonly allowedMethods: readonly string[];

  constructor(
    message: string,
    options: { allowedMethods: readonly string[]; code?: string },
  ) {
    super(message, { code: options.code ?? 'method_not_allowed' });
    this.allowedMethods = options.allowedMethods;
  }
}

/** It contradicts what is already there. */
export class ConflictError extends DomainError {
  override readonly name = 'ConflictError';

  constructor(message: string, options: { code?: string } = {}) {
    super(message, { code: 'conflict', ...options });
  }
}

/** More was sent than is taken. */
export class ContentTooLargeError extends DomainError {
  override readonly name = 'ContentTooLargeError';

  constructor(message: string, options: { code?: string } = {}) {
    super(message, { code: 'content_too_large', ...options });
  }
}

/** Something of a kind that is not taken was sent. */
export class UnsupportedContentError extends DomainError {
  override readonly name = 'UnsupportedContentError';

  constructor(message: string, options: { code?: string } = {}) {
    super(message, { code: 'unsupported_content', ...options });
  }
}

/** A limit was hit; the same request may pass later. */
export class LimitExceededError extends DomainError {
  override readonly name = 'LimitExceededError';
  readonly retryAfterSeconds: number;
  /** `false` for a request that is larger than the whole limit: waiting does not help. */
  readonly retryable: boolean;

  constructor(
    message: string,
    options: {
      retryAfterSeconds: number;
      /** Default `true`. */
      retryable?: boolean;
      code?: string;
      cause?: unknown;
    },
  ) {
    super(message, { code: 'limit_exceeded', ...options });
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.retryable = options.retryable ?? true;
  }
}

/**
 * Something this service depends on failed. The message is shown, so it must be one
 * that we wrote, not one that the dependency sent.
 */
export class DependencyError extends DomainError {
  override readonly name = 'DependencyError';
  /** `failed`: it answered wrongly; `unavailable`: not at all; `timeout`: not in time. */
  readonly kind: 'failed' | 'unavailable' | 'timeout';
  /** Whether the same request may succeed when it is repeated. */
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number;

  constructor(
    message: string,
    options: {
      kind: 'failed' | 'unavailable' | 'timeout';
      retryable: boolean;
      retryAfterSeconds?: number;
      code?: string;
      cause?: unknown;
    },
  ) {
    super(message, {
      code: options.code ?? `dependency_${options.kind}`,
      ...options,
    });
    this.kind = options.kind;
    this.retryable = options.retryable;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

import { DomainError } from './DomainError';

/**
 * Whether the same, done again, would end the same way. Errors say so by `retryable`; of
 * those that do not, domain errors are about what was asked, and others may pass.
 */
export function isFinal(error: unknown): boolean {
  const { retryable } = Object(error) as { retryable?: boolean };
  return retryable === undefined ? error instanceof DomainError : !retryable;
}

import {
  ConflictError,
  DependencyError,
  DomainError,
  NotFoundError,
} from '@genai-environments/service-kit';
import type { VectorIndex } from '../../../ports/VectorIndex';

export type IndexMethod = Exclude<
  keyof VectorIndex,
  'close' | 'ranksByText' | 'type'
>;

export type ThreadCall = { id: number; method: IndexMethod; args: unknown[] };

export type ThreadAnswer =
  | { id: number; ok: true; value: unknown }
  | { id: number; ok: false; error: ThreadError };

/** Errors lose their class on the way between threads. */
export type ThreadError = {
  name: string;
  message: string;
  code?: string;
  stack?: string;
};

export function toThreadError(error: unknown): ThreadError {
  const { name, message, stack } = error as Error;
  return error instanceof DomainError
    ? { name, message, code: error.code }
    : { name, message, stack };
}

export function fromThreadError(error: ThreadError): Error {
  const { name, message, code } = error;
  if (name === 'NotFoundError') return new NotFoundError(message, { code });
  if (name === 'ConflictError') return new ConflictError(message, { code });
  const other = new Error(message);
  other.stack = error.stack;
  return other;
}

/** Calls fail with it when their thread is gone; the next call starts another. */
export function threadEnded(cause: unknown): DependencyError {
  return new DependencyError('The vector index was interrupted. Try again.', {
    kind: 'unavailable',
    retryable: true,
    cause,
  });
}

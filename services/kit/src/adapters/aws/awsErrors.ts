import { DependencyError } from '../../errors';

/** What the SDK's exceptions have in common. */
type AwsError = {
  name?: string;
  $metadata?: { httpStatusCode?: number };
  $retryable?: object;
};

/** Names by which services ask to be called less. */
const THROTTLING =
  /Throttl|ThroughputExceeded|SlowDown|RequestLimit|TooManyRequests|OverLimit/;

/** The status of the answer that an exception stands for; absent when there was none. */
export function statusOf(error: unknown): number | undefined {
  return (error as AwsError)?.$metadata?.httpStatusCode;
}

/** Whether it is one of these exceptions. */
export function isNamed(error: unknown, ...names: string[]): boolean {
  return names.includes((error as AwsError)?.name ?? '');
}

/**
 * What a caller gets to see of an exception of the SDK: nothing of it but whether a retry
 * can help. The exception stays as the cause, for the log.
 *
 * @param options.what - names the thing that failed: `The queue`
 */
export function toDependencyError(
  error: unknown,
  options: { what: string },
): DependencyError {
  const { name = '', $retryable } = error as AwsError;
  const status = statusOf(error);
  const retryable =
    $retryable !== undefined ||
    status === undefined ||
    status >= 500 ||
    THROTTLING.test(name);
  return new DependencyError(
    retryable
      ? `${options.what} cannot be reached just now. Try again shortly.`
      : `${options.what} refused the request. Its permissions or its name may be wrong; the log says more.`,
    {
      kind: retryable ? 'unavailable' : 'failed',
      retryable,
      ...(retryable ? { retryAfterSeconds: 1 } : {}),
      cause: error,
    },
  );
}

import { DependencyError, UnauthenticatedError } from '../errors';

/** What to do about a token that is no good. */
export const NEW_TOKEN = 'Get a new one from the token endpoint.';

export function expired(): UnauthenticatedError {
  return new UnauthenticatedError(
    `The access token has expired. ${NEW_TOKEN}`,
    {
      code: 'token_expired',
      challenge: 'invalid_token',
    },
  );
}

export function invalid(
  message: string,
  cause?: unknown,
): UnauthenticatedError {
  return new UnauthenticatedError(message, {
    code: 'invalid_token',
    challenge: 'invalid_token',
    cause,
  });
}

/** Nobody can tell whether the token is good. */
export function issuerUnavailable(cause: unknown): DependencyError {
  return new DependencyError(
    'The keys of the token issuer cannot be read just now. Try again shortly.',
    { kind: 'unavailable', retryable: true, retryAfterSeconds: 1, cause },
  );
}

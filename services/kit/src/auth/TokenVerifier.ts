import {
  createRemoteJWKSet,
  errors as joseErrors,
  jwtVerify,
  JWTPayload,
  JWTVerifyGetKey,
} from 'jose';
import { Clock, systemClock } from '../time';
import { rememberVerified } from './rememberVerified';
import { expired, invalid, issuerUnavailable, NEW_TOKEN } from './tokenErrors';

/** What an access token says, once everything about it was checked. */
export type VerifiedToken = {
  clientId: string;
  scopes: ReadonlySet<string>;
  /** Milliseconds since 1970; the token is refused from then on. */
  expiresAtMs: number;
};

/** Checks access tokens. */
export interface TokenVerifier {
  /**
   * Answers synchronously for a token that was verified before and has not expired.
   *
   * @throws UnauthenticatedError when anything about the token is wrong
   */
  verify(token: string): VerifiedToken | Promise<VerifiedToken>;
}

export type TokenVerifierOptions = {
  /** Must equal the `iss` claim. */
  issuer: string;
  /** Must be among the `aud` claim; omitted: not looked at (Cognito sends none). */
  audience?: string;
  /** Address of the issuer's key set, or a function that finds the key of a token. */
  keys: { jwksUri: string } | JWTVerifyGetKey;
  /** Signature algorithms that are accepted; default RS256 and ES256. Never `none` or HMAC. */
  algorithms?: string[];
  clock?: Clock;
  /** Verified tokens that are kept; default 1000. */
  cacheSize?: number;
};

/** Verifies JWT access tokens of one issuer and remembers the good ones until they expire. */
export function createTokenVerifier(
  options: TokenVerifierOptions,
): TokenVerifier {
  const {
    issuer,
    audience,
    keys,
    algorithms = ['RS256', 'ES256'],
    clock = systemClock,
    cacheSize = 1000,
  } = options;
  const getKey =
    typeof keys === 'function'
      ? keys
      : createRemoteJWKSet(new URL(keys.jwksUri));
  async function verifyAnew(token: string): Promise<VerifiedToken> {
    let payload: JWTPayload;
    try {
      ({ payload } = await jwtVerify(token, getKey, {
        issuer,
        audience,
        algorithms,
        requiredClaims: ['exp', 'client_id', 'token_use'],
        currentDate: new Date(clock.now()),
      }));
    } catch (error) {
      throw explain(error);
    }
    return readClaims(payload);
  }

  return rememberVerified({ verifyAnew, clock, cacheSize });
}

/** @throws UnauthenticatedError when it is not the access token of an application */
export function readClaims(payload: JWTPayload): VerifiedToken {
  const { client_id: clientId, token_use: tokenUse, scope, exp } = payload;
  if (tokenUse !== 'access') {
    throw invalid(
      'The token is not an access token. Send the access_token of the token endpoint.',
    );
  }
  if (typeof clientId !== 'string' || clientId === '') {
    throw invalid(`The access token names no application. ${NEW_TOKEN}`);
  }
  return {
    clientId,
    scopes: new Set(
      typeof scope === 'string' ? scope.split(' ').filter(Boolean) : [],
    ),
    expiresAtMs: exp! * 1000,
  };
}

function explain(error: unknown): Error {
  if (error instanceof joseErrors.JWTExpired) return expired();
  if (
    error instanceof joseErrors.JWKSTimeout ||
    error instanceof joseErrors.JWKSInvalid ||
    !(error instanceof joseErrors.JOSEError)
  ) {
    return issuerUnavailable(error);
  }
  if (error instanceof joseErrors.JWTClaimValidationFailed) {
    return invalid(
      `The access token is not for this environment (claim "${error.claim}"). ${NEW_TOKEN}`,
      error,
    );
  }
  return invalid(`The access token is not valid. ${NEW_TOKEN}`, error);
}

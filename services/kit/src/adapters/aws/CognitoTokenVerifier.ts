import { CognitoJwtVerifier } from 'aws-jwt-verify';
import {
  FetchError,
  JwtBaseError,
  JwtExpiredError,
  JwtInvalidClaimError,
} from 'aws-jwt-verify/error';
import type { Jwks } from 'aws-jwt-verify/jwk';
import { rememberVerified } from '../../auth/rememberVerified';
import {
  expired,
  invalid,
  issuerUnavailable,
  NEW_TOKEN,
} from '../../auth/tokenErrors';
import {
  createTokenVerifier,
  readClaims,
  type TokenVerifier,
} from '../../auth/TokenVerifier';
import { Clock, systemClock } from '../../time';

export type CognitoTokenVerifierOptions = {
  /** `eu-central-1_AbCdEfGhI`. */
  userPoolId: string;
  /** Keys of the pool, where its key set cannot be fetched; default: fetched and renewed. */
  keys?: Jwks;
  /** Address of its key set, where it is not Cognito's own: a mirror in a closed network. */
  jwksUri?: string;
  clock?: Clock;
  /** Verified tokens that are kept; default 1000. */
  cacheSize?: number;
};

/** The `iss` claim of a pool's tokens. @throws Error when it is no id of a pool */
export function cognitoIssuer(userPoolId: string): string {
  return CognitoJwtVerifier.parseUserPoolId(userPoolId).issuer;
}

/**
 * Verifies access tokens of a Cognito user pool. Which applications exist and what they may
 * do is asked of the directory, so any client of the pool is let through here.
 */
export function createCognitoTokenVerifier(
  options: CognitoTokenVerifierOptions,
): TokenVerifier {
  const { userPoolId, keys, clock = systemClock, cacheSize = 1000 } = options;
  if (options.jwksUri !== undefined) {
    return createTokenVerifier({
      issuer: cognitoIssuer(userPoolId),
      keys: { jwksUri: options.jwksUri },
      algorithms: ['RS256'],
      ...{ clock, cacheSize },
    });
  }
  const verifier = CognitoJwtVerifier.create({
    userPoolId,
    tokenUse: 'access',
    clientId: null,
  });
  if (keys) verifier.cacheJwks(keys);

  return rememberVerified({
    clock,
    cacheSize,
    async verifyAnew(token) {
      try {
        return readClaims(await verifier.verify(token));
      } catch (error) {
        throw explain(error);
      }
    },
  });
}

function explain(error: unknown): unknown {
  if (error instanceof JwtExpiredError) return expired();
  if (error instanceof FetchError) return issuerUnavailable(error);
  if (error instanceof JwtInvalidClaimError) {
    return invalid(
      `The access token is not for this environment. ${NEW_TOKEN}`,
      error,
    );
  }
  if (error instanceof JwtBaseError) {
    return invalid(`The access token is not valid. ${NEW_TOKEN}`, error);
  }
  return error;
}

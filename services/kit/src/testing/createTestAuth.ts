import { generateKeyPair, SignJWT } from 'jose';
import { createTokenVerifier, InMemoryApplicationDirectory } from '../auth';
import type { AuthOptions } from '../auth/authentication';
import { Clock, systemClock } from '../time';

/** Claims of a test token; `null` leaves a claim out. */
export type TestTokenClaims = {
  clientId?: string | null;
  scope?: string;
  issuer?: string;
  tokenUse?: string | null;
  expiresInSeconds?: number;
};

export type TestAuth = AuthOptions & {
  directory: InMemoryApplicationDirectory;
  /** Signs an access token; by default a good one of application `app-1`. */
  token(claims?: TestTokenClaims): Promise<string>;
  /** Header of such a token. */
  bearer(claims?: TestTokenClaims): Promise<{ authorization: string }>;
};

/**
 * A real token issuer in miniature for route tests: real keys, real signatures, and the
 * applications `app-1` and `app-2` that hold the classic scope.
 */
export async function createTestAuth(
  options: { issuer?: string; clock?: Clock; scopes?: string[] } = {},
): Promise<TestAuth> {
  const {
    issuer = 'http://127.0.0.1/test-issuer',
    clock = systemClock,
    scopes = ['genaifoundations/read'],
  } = options;
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const directory = new InMemoryApplicationDirectory(
    ['app-1', 'app-2'].map(clientId => ({ clientId, enabled: true, scopes })),
  );

  async function token(claims: TestTokenClaims = {}): Promise<string> {
    const {
      clientId = 'app-1',
      scope = scopes.join(' '),
      tokenUse = 'access',
      expiresInSeconds = 3600,
    } = claims;
    const now = Math.floor(clock.now() / 1000);
    return new SignJWT({
      scope,
      ...(clientId === null ? {} : { client_id: clientId }),
      ...(tokenUse === null ? {} : { token_use: tokenUse }),
    })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer(claims.issuer ?? issuer)
      .setIssuedAt(now)
      .setExpirationTime(now + expiresInSeconds)
      .sign(privateKey);
  }

  return {
    directory,
    verifier: createTokenVerifier({
      issuer,
      keys: async () => publicKey,
      clock,
    }),
    token,
    bearer: async claims => ({
      authorization: `Bearer ${await token(claims)}`,
    }),
  };
}

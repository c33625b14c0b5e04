import { EnvironmentError } from './errors.ts';

/** Access tokens for the environment's API. */
export type TokenClient = {
  /** A token that is still valid for a while. @throws EnvironmentError */
  getToken(): Promise<string>;
  /** The API refused `token`: the next {@link getToken} asks for a new one. */
  invalidate(token: string): void;
};

type Cached = { token: string; renewAt: number };

/** A token is renewed this long before it expires, so that no call carries a stale one. */
const RENEW_BEFORE_EXPIRY_MS = 30_000;
const TIMEOUT_MS = 10_000;

/**
 * OAuth 2.0 client credentials with HTTP Basic client authentication. Keeps the token
 * until shortly before it expires; callers that come at the same time share one request.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 */
export function createTokenClient(options: {
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  fetch?: typeof fetch;
  now?: () => number;
}): TokenClient {
  const { tokenUrl, clientId, clientSecret, now = Date.now } = options;
  const doFetch = options.fetch ?? fetch;
  let cached: Cached | undefined;
  let pending: Promise<Cached> | undefined;

  const request = async (): Promise<Cached> => {
    const askedAt = now();
    const response = await doFetch(tokenUrl, {
      method: 'POST',
      headers: {
        Authorization: basicAuthorization(clientId, clientSecret),
        'Content-Type': 'application/x-www-form-urlencoded',
        Accept: 'application/json',
      },
      body: 'grant_type=client_credentials',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch(cause => {
      throw new EnvironmentError('unavailable', { cause });
    });
    if (!response.ok) {
      await response.body?.cancel();
      // RFC 6749 answers a wrong secret with 400 or 401; anything from 500 is not about us.
      throw new EnvironmentError(
        response.status >= 500 ? 'unavailable' : 'credentials-refused',
        { upstreamStatus: response.status },
      );
    }
    const { token, lifetimeMs } = readAnswer(
      await response.json().catch(() => undefined),
    );
    // A lifetime shorter than the margin would never be cached: use half of it then.
    const margin = Math.min(RENEW_BEFORE_EXPIRY_MS, lifetimeMs / 2);
    return { token, renewAt: askedAt + lifetimeMs - margin };
  };

  return {
    async getToken() {
      if (cached && now() < cached.renewAt) return cached.token;
      pending ??= request().finally(() => {
        pending = undefined;
      });
      cached = await pending;
      return cached.token;
    },
    invalidate(token) {
      if (cached?.token === token) cached = undefined;
    },
  };
}

function readAnswer(answer: unknown): { token: string; lifetimeMs: number } {
  const { access_token: token, expires_in: lifetime } = (answer ??
    {}) as Record<string, unknown>;
  if (typeof token !== 'string' || token === '') {
    throw new EnvironmentError('unavailable', {
      cause: new Error('The token endpoint answered without an access_token.'),
    });
  }
  // `expires_in` is only recommended by the RFC; without it a minute is a careful guess.
  const seconds = typeof lifetime === 'number' && lifetime > 0 ? lifetime : 60;
  return { token, lifetimeMs: seconds * 1000 };
}

/** Client id and secret are form-encoded first, see RFC 6749 section 2.3.1. */
function basicAuthorization(clientId: string, clientSecret: string): string {
  const encode = (value: string) =>
    new URLSearchParams({ v: value }).toString().slice(2);
  const pair = `${encode(clientId)}:${encode(clientSecret)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

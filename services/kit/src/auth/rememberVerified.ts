import type { Clock } from '../time';
import { LruCache } from './LruCache';
import { expired, invalid } from './tokenErrors';
import type { TokenVerifier, VerifiedToken } from './TokenVerifier';

/** A token longer than this is refused before any work is done on it. */
const MAX_TOKEN_LENGTH = 8192;

/** Remembers good tokens until they expire, so that most requests cost no signature. */
export function rememberVerified(options: {
  verifyAnew: (token: string) => Promise<VerifiedToken>;
  clock: Clock;
  cacheSize: number;
}): TokenVerifier {
  const { verifyAnew, clock, cacheSize } = options;
  const cache = new LruCache<string, VerifiedToken>(cacheSize);

  async function verifyAndRemember(token: string): Promise<VerifiedToken> {
    if (token.length > MAX_TOKEN_LENGTH) {
      throw invalid('The access token is too long to be one of ours.');
    }
    const verified = await verifyAnew(token);
    cache.set(token, verified);
    return verified;
  }

  return {
    verify(token) {
      const known = cache.get(token);
      if (known === undefined) return verifyAndRemember(token);
      if (known.expiresAtMs > clock.now()) return known;
      cache.delete(token);
      throw expired();
    },
  };
}

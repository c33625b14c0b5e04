import { createHash, timingSafeEqual } from 'node:crypto';
import type { Application } from './application';

/** The only form in which the runtime keeps a secret that came from outside. */
export function digestSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Compared with when an application has no secret, so that this takes as long. */
const NO_DIGEST = Buffer.alloc(32);

/**
 * Whether `secret` is one of the application's secrets that are valid now. Takes the
 * same time for a right and a wrong one: all are compared, each in constant time.
 */
export function matchesSecret(
  secret: string,
  secrets: Application['secrets'],
  nowMs: number,
): boolean {
  const digest = digestSecret(secret);
  let matches = false;
  for (const { sha256, expiresAt } of secrets) {
    const valid = expiresAt === undefined || Date.parse(expiresAt) > nowMs;
    const equal = timingSafeEqual(digest, Buffer.from(sha256, 'hex'));
    matches = (equal && valid) || matches;
  }
  if (secrets.length === 0) timingSafeEqual(digest, NO_DIGEST);
  return matches;
}

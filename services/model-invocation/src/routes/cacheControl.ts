import { InvalidInputError } from '@genai-environments/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MAX_CACHE_SECONDS } from '../domain/calls/ResponseCache';

const HEADER = 'x-genai-cache';

/**
 * For how long the caller wants its answer remembered: what the header says, else what the
 * environment does; `undefined` not at all.
 *
 * @throws InvalidInputError (`invalid_cache_header`)
 */
export function readCacheSeconds(
  { headers }: FastifyRequest,
  defaultSeconds: number | undefined,
): number | undefined {
  const header = headers[HEADER];
  if (header === undefined) return defaultSeconds || undefined;
  const seconds = /^\d{1,6}$/.test(String(header)) ? Number(header) : -1;
  if (seconds < 0 || seconds > MAX_CACHE_SECONDS) {
    throw new InvalidInputError(
      `The header "${HEADER}" is a whole number of seconds from 0 (do not remember) to ${MAX_CACHE_SECONDS}.`,
      { code: 'invalid_cache_header' },
    );
  }
  return seconds || undefined;
}

/** Tells a caller that asked for it whether the answer was remembered. */
export function noteCache(
  reply: FastifyReply,
  options: { seconds: number | undefined; cached: boolean },
): void {
  if (options.seconds === undefined) return;
  reply.header(HEADER, options.cached ? 'hit' : 'miss');
}

/** Streams are neither remembered nor taken from memory. */
export function noteStreamed(
  reply: FastifyReply,
  seconds: number | undefined,
): void {
  if (seconds !== undefined) reply.header(HEADER, 'bypass');
}

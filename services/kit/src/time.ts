import { randomUUID } from 'node:crypto';

/** Where code reads the time from; tests bring their own. */
export type Clock = {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
};

/** The time of this machine. */
export const systemClock: Clock = { now: () => Date.now() };

/** Makes ids that are unique and cannot be guessed. */
export type IdGenerator = () => string;

/** UUIDs, version 4. */
export const randomId: IdGenerator = () => randomUUID();

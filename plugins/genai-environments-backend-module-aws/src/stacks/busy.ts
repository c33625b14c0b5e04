/**
 * Stacks of a target that are created or deleted at once: all of them call the same APIs
 * through the account's service role, and what is throttled fails.
 */
export const MAX_BUSY_STACKS = 25;

const POLL_MS = 15_000;

/** Another look, once others have come to an end. */
export function waitForOthers(current: string) {
  return {
    kind: 'working' as const,
    current: `${current} once others are done`,
    requeueAfterMs: POLL_MS,
  };
}

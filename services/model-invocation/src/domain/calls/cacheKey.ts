import { createHash } from 'node:crypto';

/**
 * A key that two requests share only when one application asks the same in the same
 * format. The order of an object's members and how numbers are written do not count.
 *
 * @param request - JSON
 */
export function cacheKey(
  clientId: string,
  format: string,
  request: unknown,
): string {
  return createHash('sha256')
    .update(JSON.stringify([clientId, format, request], sortMembers))
    .digest('base64');
}

function sortMembers(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return value;
  }
  const members = Object.entries(value);
  // `fromEntries` defines `__proto__` as a member like any other.
  return Object.fromEntries(
    members.sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

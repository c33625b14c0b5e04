/** Meant for one connection only (RFC 9110, section 7.6.1), or answered by Node itself. */
const HOP_BY_HOP = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * What of a message's raw headers (name, value, name, value …) travels on. Keeps order
 * and repetitions, e.g. of Set-Cookie; drops what `Connection` names, too.
 */
export function endToEndHeaders(
  rawHeaders: readonly string[],
  options: { drop?: readonly string[] } = {},
): string[] {
  const dropped = new Set([...HOP_BY_HOP, ...(options.drop ?? [])]);
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i].toLowerCase() !== 'connection') continue;
    for (const name of rawHeaders[i + 1].split(',')) {
      dropped.add(name.trim().toLowerCase());
    }
  }
  const kept: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (dropped.has(rawHeaders[i].toLowerCase())) continue;
    kept.push(rawHeaders[i], rawHeaders[i + 1]);
  }
  return kept;
}

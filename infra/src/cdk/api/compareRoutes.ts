type Compared = { path: string; method: string };

/** By path and method, and by code point: the same on each machine. */
export function compareRoutes(a: Compared, b: Compared): number {
  return compare(a.path, b.path) || compare(a.method, b.method);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

import type { RouteOptions } from 'fastify';

/**
 * Which methods the address of a request takes, for the header `Allow`. The router itself
 * only answers whether one method is known.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-405-method-not-allowed
 */
export class AllowedMethods {
  private readonly patterns = new Map<string, RegExp>();
  private readonly methods = new Map<string, Set<string>>();

  add({ url, method }: Pick<RouteOptions, 'url' | 'method'>): void {
    if (!this.patterns.has(url)) {
      this.patterns.set(url, toPattern(url));
      this.methods.set(url, new Set());
    }
    for (const each of [method].flat()) this.methods.get(url)!.add(each);
  }

  /** Sorted; empty when no route has this path. The path has no query. */
  of(path: string): string[] {
    const found = [...this.patterns]
      .filter(([, pattern]) => pattern.test(path))
      .flatMap(([url]) => [...this.methods.get(url)!]);
    return [...new Set(found)].sort();
  }
}

/** `/jobs/:id` takes one segment in its place, `/app/*` whatever follows. */
function toPattern(url: string): RegExp {
  const source = url
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/:\w+/g, '[^/]+')
    .replace(/\*/g, '.*');
  return new RegExp(`^${source}$`);
}

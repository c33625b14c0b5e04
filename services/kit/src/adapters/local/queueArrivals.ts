import type { DatabaseSync } from 'node:sqlite';

/** Lets consumers of a queue in this process know at once that there is something. */
export class QueueArrivals {
  private readonly waiting = new Set<() => void>();

  announce(): void {
    for (const wake of this.waiting) wake();
  }

  /** Resolves with the next announcement, after `timeoutMs`, or when `signal` aborts. */
  wait(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    const { waiting } = this;
    return new Promise(resolve => {
      const timer = setTimeout(wake, timeoutMs);
      function wake() {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        waiting.delete(wake);
        resolve();
      }
      signal?.addEventListener('abort', wake);
      waiting.add(wake);
    });
  }
}

const byFile = new Map<string, QueueArrivals>();
const byMemory = new WeakMap<DatabaseSync, Map<string, QueueArrivals>>();

/** The same for every connection of this process to the same file. */
export function arrivalsOf(
  database: DatabaseSync,
  queue: string,
): QueueArrivals {
  const location = database.location();
  if (location !== null) {
    return getOrMake(byFile, `${queue}\n${location}`);
  }
  let queues = byMemory.get(database);
  if (!queues) byMemory.set(database, (queues = new Map()));
  return getOrMake(queues, queue);
}

function getOrMake(
  arrivals: Map<string, QueueArrivals>,
  key: string,
): QueueArrivals {
  let found = arrivals.get(key);
  if (!found) arrivals.set(key, (found = new QueueArrivals()));
  return found;
}

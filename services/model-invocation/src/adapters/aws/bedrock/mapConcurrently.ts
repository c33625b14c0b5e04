import { Cancellation } from '../../../domain/Cancellation';

/**
 * Maps items, `limit` at a time, and answers in their order. The first failure cancels
 * what still runs and rejects; so does the cancellation given.
 */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  options: { limit: number; cancellation: Cancellation },
  map: (item: Item, cancellation: Cancellation) => Promise<Result>,
): Promise<Result[]> {
  const { limit, cancellation } = options;
  const results = new Array<Result>(items.length);
  const running = new Set<Cancellation>();
  let next = 0;

  const stop = () => {
    next = items.length;
    for (const each of running) each.cancel();
  };
  const work = async () => {
    while (next < items.length) {
      const index = next++;
      const own = new Cancellation();
      running.add(own);
      results[index] = await map(items[index], own);
      running.delete(own);
    }
  };

  cancellation.onCancel(stop);
  try {
    const workers = Math.min(limit, items.length);
    await Promise.all(Array.from({ length: workers }, work));
  } catch (error) {
    stop();
    throw error;
  }
  return results;
}

/**
 * Works on items, `limit` at the same time, and reads no more of them than it works on.
 * After a failure no further item is taken; rejects with it once those in hand have ended.
 */
export async function mapConcurrently<T>(
  items: AsyncIterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const inHand = new Set<Promise<void>>();
  const failures: unknown[] = [];
  for await (const item of items) {
    const task = work(item)
      .catch(error => void failures.push(error))
      .finally(() => inHand.delete(task));
    inHand.add(task);
    if (inHand.size >= limit) await Promise.race(inHand);
    if (failures.length > 0) break;
  }
  await Promise.all(inHand);
  if (failures.length > 0) throw failures[0];
}

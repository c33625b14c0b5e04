import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks until the answer is neither `undefined` nor `false`. For things that announce
 * themselves to nobody (a process that ends, a port that closes); follow the event
 * stream for what an environment does.
 */
export async function waitFor<T>(options: {
  what: string;
  timeoutMs: number;
  ask: () => Promise<T | undefined | false> | T | undefined | false;
}): Promise<T> {
  const deadline = performance.now() + options.timeoutMs;
  for (;;) {
    const answer = await options.ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) {
      throw new Error(
        `Waited ${options.timeoutMs} ms in vain for: ${options.what}`,
      );
    }
    await delay(50);
  }
}

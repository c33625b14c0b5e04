import { type Clock, systemClock } from '../time';
import type { ServiceHealth } from './ServiceDefinition';

/**
 * Looks at most once in so many seconds: load balancers ask for each service and task, and
 * what is asked may be metered.
 */
export function rememberHealth(
  look: () => Promise<ServiceHealth>,
  options: { clock?: Clock; seconds?: number } = {},
): () => Promise<ServiceHealth> {
  const { clock = systemClock, seconds = 3 } = options;
  let last: { at: number; health: Promise<ServiceHealth> } | undefined;
  return () => {
    const now = clock.now();
    if (!last || now - last.at >= seconds * 1000) {
      last = { at: now, health: look() };
    }
    return last.health;
  };
}

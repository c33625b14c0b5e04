import { isThrottle, toCallError } from '../errors';
import { RateLimiter } from './RateLimiter';
import { type Api, RATES } from './rates';

/** What time is, and chance; replaced in tests. */
export type Timing = {
  now: () => number;
  sleep: (ms: number) => Promise<void>;
  /** Uniform in [0, 1). */
  random: () => number;
};

const MAX_ATTEMPTS = 6;
const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 20_000;

/**
 * Makes calls to one account and region: not faster than its rates, again after a delay
 * with jitter when AWS throttles. What fails otherwise is for the next look to mend: no
 * other call is repeated here, because it may have had its effect.
 */
export class Caller {
  private readonly limiter: RateLimiter;

  constructor(private readonly timing: Timing) {
    const { now, sleep } = timing;
    this.limiter = new RateLimiter({ rates: RATES, now, sleep });
  }

  /** @throws AwsCallError */
  async call<T>(
    api: Api,
    operation: string,
    run: () => Promise<T>,
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      await this.limiter.acquire(api);
      try {
        return await run();
      } catch (error) {
        if (!isThrottle(error) || attempt >= MAX_ATTEMPTS) {
          throw toCallError(operation, error);
        }
        await this.timing.sleep(this.delay(attempt));
      }
    }
  }

  private delay(attempt: number): number {
    const ceiling = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
    return ceiling / 2 + (this.timing.random() * ceiling) / 2;
  }
}

/** Calls a second that are allowed on average, and in one moment. */
export type Rate = { perSecond: number; burst: number };

type Bucket = { tokens: number; at: number };

/**
 * Token buckets, one for each key. All environments of a target share them, so that many
 * creations at once are slower, and none is throttled. First come, first served.
 */
export class RateLimiter {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly options: {
      rates: Record<string, Rate>;
      now: () => number;
      sleep: (ms: number) => Promise<void>;
    },
  ) {}

  /** Resolves when the call may be made. */
  async acquire(key: string): Promise<void> {
    const { rates, now, sleep } = this.options;
    const { perSecond, burst } = rates[key];
    const bucket = this.buckets.get(key) ?? { tokens: burst, at: now() };
    this.buckets.set(key, bucket);
    const elapsed = Math.max(0, now() - bucket.at);
    bucket.tokens = Math.min(
      burst,
      bucket.tokens + (elapsed / 1000) * perSecond,
    );
    bucket.at = now();
    bucket.tokens -= 1;
    if (bucket.tokens < 0) {
      await sleep(Math.ceil((-bucket.tokens / perSecond) * 1000));
    }
  }
}

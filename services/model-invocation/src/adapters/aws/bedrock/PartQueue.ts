type Result<T> = IteratorResult<T, undefined>;

/**
 * What a producer pushes, for one reader. Not a generator: those cost several promises
 * an item.
 */
export class PartQueue<T> implements AsyncIterableIterator<T, undefined> {
  private items: T[] = [];
  private taken = 0;
  private waiter:
    | { resolve(result: Result<T>): void; reject(error: Error): void }
    | undefined;
  private started = false;
  private ended = false;
  private error: Error | undefined;

  constructor(
    private readonly options: {
      /** Something is asked for the first time. */
      onStart(): void;
      /** All that was pushed is taken. */
      onDrain(): void;
      /** The reader stops early. */
      onStop(): void;
    },
  ) {}

  /** How many items wait. */
  get size(): number {
    return this.items.length - this.taken;
  }

  /** Nothing more is taken. */
  get isEnded(): boolean {
    return this.ended;
  }

  push(item: T): void {
    const { waiter } = this;
    if (this.ended) return;
    if (!waiter) {
      this.items.push(item);
      return;
    }
    this.waiter = undefined;
    waiter.resolve({ done: false, value: item });
  }

  /** Nothing will follow; what waits is still handed out. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.waiter?.resolve({ done: true, value: undefined });
    this.waiter = undefined;
  }

  /** Ends with an error, after what waits or, with `discard`, instead of it. */
  fail(error: Error, { discard = false } = {}): void {
    if (this.ended) return;
    this.ended = true;
    if (discard) this.clear();
    if (this.waiter) this.waiter.reject(error);
    else this.error = error;
    this.waiter = undefined;
  }

  /** One reader, one call at a time, as `for await` does. */
  next(): Promise<Result<T>> {
    if (!this.started) {
      this.started = true;
      this.options.onStart();
    }
    if (this.size > 0)
      return Promise.resolve({ done: false, value: this.take() });
    if (this.error) {
      const { error } = this;
      this.error = undefined;
      return Promise.reject(error);
    }
    if (this.ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      this.waiter = { resolve, reject };
    });
  }

  /** What waits, one by one; `undefined` when nothing does. */
  takeReady(): T | undefined {
    return this.size > 0 ? this.take() : undefined;
  }

  async return(): Promise<Result<T>> {
    this.started = true;
    this.clear();
    this.end();
    this.options.onStop();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private take(): T {
    const value = this.items[this.taken];
    this.taken += 1;
    if (this.size === 0) {
      this.clear();
      this.options.onDrain();
    }
    return value;
  }

  private clear(): void {
    this.items = [];
    this.taken = 0;
  }
}

/** One value for all who ask within some time; asked for once, however many ask. */
export class Cached<T> {
  private value?: { at: number; promise: Promise<T> };

  constructor(
    private readonly now: () => number,
    private readonly keptForMs: number,
    private readonly load: () => Promise<T>,
  ) {}

  get(): Promise<T> {
    const now = this.now();
    if (this.value && now - this.value.at < this.keptForMs) {
      return this.value.promise;
    }
    const promise = this.load();
    const value = { at: now, promise };
    this.value = value;
    promise.catch(() => {
      if (this.value === value) this.value = undefined;
    });
    return promise;
  }

  forget(): void {
    this.value = undefined;
  }
}

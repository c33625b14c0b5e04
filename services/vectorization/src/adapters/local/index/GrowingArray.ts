type Numbers = Float64Array | Int32Array | Uint8Array;

/** A typed array that numbers are appended to. */
export class GrowingArray<T extends Numbers> {
  private values: T;
  private size = 0;

  constructor(private readonly Type: new (length: number) => T) {
    this.values = new Type(64);
  }

  get length(): number {
    return this.size;
  }

  /** Valid until the next `push`; longer than {@link length}. */
  get view(): T {
    return this.values;
  }

  push(value: number): void {
    if (this.size === this.values.length) {
      const larger = new this.Type(this.size * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.size++] = value;
  }

  at(index: number): number {
    return this.values[index];
  }

  set(index: number, value: number): void {
    this.values[index] = value;
  }

  clear(): void {
    this.size = 0;
  }

  /** Of values that ascend; -1 when it is not among them. */
  indexOf(value: number): number {
    let low = 0;
    let high = this.size - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (this.values[middle] === value) return middle;
      if (this.values[middle] < value) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}

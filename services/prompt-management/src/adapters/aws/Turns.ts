/**
 * Lets work on one thing happen one after the other in this process, so that it competes
 * with other processes only.
 */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Begins when all earlier work on the key has ended. */
  take<R>(key: string, work: () => Promise<R>): Promise<R> {
    const before = this.last.get(key);
    const turn = before ? before.then(work, work) : work();
    this.last.set(key, turn);
    const forget = () => {
      if (this.last.get(key) === turn) this.last.delete(key);
    };
    turn.then(forget, forget);
    return turn;
  }
}

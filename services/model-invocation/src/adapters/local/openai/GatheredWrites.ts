/** With so many bytes waiting they are written at once. */
const MAX_WAITING_BYTES = 64 * 1024;

/**
 * Gathers the pieces that arrive together and writes them as one: a server sends each
 * token as a piece of its own, and most of what a piece costs does not depend on its size.
 * Nothing waits longer than for the rest of what has arrived already.
 */
export class GatheredWrites {
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private isBlocked = false;

  /** @param write - answers `false` when nothing more shall come until {@link drained} */
  constructor(private readonly write: (piece: Buffer) => boolean) {}

  /** `false` asks to wait until what was written has drained. */
  push(piece: Buffer): boolean {
    if (this.waiting.length === 0) queueMicrotask(() => this.flush());
    this.waiting.push(piece);
    this.waitingBytes += piece.length;
    if (this.waitingBytes >= MAX_WAITING_BYTES) this.flush();
    return !this.isBlocked;
  }

  /** Writes what waits; before anything else is written, and at the end. */
  flush(): void {
    const { waiting } = this;
    if (waiting.length === 0) return;
    this.waiting = [];
    this.waitingBytes = 0;
    const piece = waiting.length === 1 ? waiting[0] : Buffer.concat(waiting);
    if (!this.write(piece)) this.isBlocked = true;
  }

  drained(): void {
    this.isBlocked = false;
  }
}

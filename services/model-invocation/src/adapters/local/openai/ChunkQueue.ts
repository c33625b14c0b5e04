import type { UpstreamHead, UpstreamReceiver } from './UpstreamConnection';
import { fromRefusal, garbled } from './upstreamErrors';

/** A refusal is short; whatever is longer is cut. */
const MAX_REFUSAL_BYTES = 64 * 1024;
/** So much may wait for a slow reader before the upstream is paused. */
const MAX_WAITING_BYTES = 256 * 1024;

/**
 * Receives a stream of server-sent events and hands its bytes out at the reader's pace.
 * Rejects the reader when the upstream refuses or breaks.
 */
export class ChunkQueue implements UpstreamReceiver, AsyncIterable<Buffer> {
  private readonly waiting: Buffer[] = [];
  private waitingBytes = 0;
  private head: UpstreamHead | undefined;
  private flow: { resume(): void } | undefined;
  private streaming = false;
  private paused = false;
  private end: { error?: Error } | undefined;
  private wake = () => {};

  constructor(private readonly model: string) {}

  onHead(head: UpstreamHead, flow: { resume(): void }): void {
    this.head = head;
    this.flow = flow;
    this.streaming =
      head.status === 200 &&
      String(head.headers['content-type']).startsWith('text/event-stream');
  }

  onData(chunk: Buffer): boolean {
    const bound = this.streaming ? MAX_WAITING_BYTES : MAX_REFUSAL_BYTES;
    if (this.streaming || this.waitingBytes < bound) this.waiting.push(chunk);
    this.waitingBytes += chunk.length;
    if (!this.streaming) return true;
    this.paused = this.waitingBytes > bound;
    this.wake();
    return !this.paused;
  }

  onEnd(): void {
    this.finish(this.streaming ? undefined : this.refusal());
  }

  onError(error: Error): void {
    this.finish(error);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void> {
    for (;;) {
      const chunk = this.streaming ? this.waiting.shift() : undefined;
      if (chunk) {
        this.waitingBytes -= chunk.length;
        yield chunk;
      } else if (this.end) {
        if (this.end.error) throw this.end.error;
        return;
      } else {
        const woken = new Promise<void>(resolve => {
          this.wake = resolve;
        });
        if (this.paused) {
          this.paused = false;
          this.flow!.resume();
        }
        await woken;
      }
    }
  }

  private refusal(): Error {
    const body = Buffer.concat(this.waiting);
    return this.head!.status === 200
      ? garbled(this.model)
      : fromRefusal({ ...this.head!, body }, this.model);
  }

  private finish(error?: Error): void {
    this.end = { error };
    this.wake();
  }
}

import type { Queue, QueueMessage } from '../ports';

/**
 * A message while it is worked on: stays invisible to others, until it is released or
 * turns out to be somebody else's by now.
 */
export class KeptDelivery<T> {
  /** Rejects, for work that does not heed the signal, when it aborts. */
  readonly cutOff: Promise<never>;
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private lost = false;

  constructor(
    private readonly options: {
      queue: Queue<T>;
      message: QueueMessage<T>;
      visibilityTimeoutSeconds: number;
      /** Aborts when the worker waits no longer. */
      aborting: AbortSignal;
    },
  ) {
    const { aborting, visibilityTimeoutSeconds } = options;
    aborting.addEventListener('abort', this.abort);
    this.cutOff = new Promise((_, reject) => {
      this.signal.addEventListener('abort', () => reject(this.signal.reason));
    });
    // It is for whoever races it; nobody may.
    this.cutOff.catch(() => {});
    // Two attempts may fail before the message is lost.
    this.timer = setInterval(
      () => void this.extend(),
      (visibilityTimeoutSeconds * 1000) / 3,
    );
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Another consumer has the message, or will: nothing of it is ours to settle. */
  get isLost(): boolean {
    return this.lost;
  }

  /** Ends the extensions. */
  release(): void {
    clearInterval(this.timer);
    this.options.aborting.removeEventListener('abort', this.abort);
  }

  private readonly abort = () =>
    this.controller.abort(this.options.aborting.reason);

  private async extend(): Promise<void> {
    const { queue, message, visibilityTimeoutSeconds } = this.options;
    let kept: boolean;
    try {
      kept = await queue.extend(message, visibilityTimeoutSeconds);
    } catch {
      // The next attempt may succeed; if none does, the message comes again elsewhere.
      return;
    }
    if (kept || this.signal.aborted) return;
    this.lost = true;
    clearInterval(this.timer);
    this.controller.abort(new Error('Another consumer has the message'));
  }
}

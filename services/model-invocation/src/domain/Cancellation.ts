/**
 * Tells work that nobody waits for its result any more. One listener, no events: an
 * AbortController with a listener costs several microseconds, which the hot path of a
 * gateway spends on every request.
 */
export class Cancellation {
  private cancelled = false;
  private listener: (() => void) | undefined;

  get isCancelled(): boolean {
    return this.cancelled;
  }

  cancel(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    this.listener?.();
  }

  /** Replaces the listener before; called at once when it was cancelled already. */
  onCancel(listener: () => void): void {
    this.listener = listener;
    if (this.cancelled) listener();
  }
}

/** Thrown by providers when the call was cancelled: there is nobody to tell. */
export class CallCancelledError extends Error {
  override readonly name = 'CallCancelledError';

  constructor() {
    super('The caller hung up');
  }
}

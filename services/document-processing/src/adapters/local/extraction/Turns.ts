/** Lets one after the other have something. */
export class Turns {
  private last: Promise<void> = Promise.resolve();

  /**
   * Resolves, when all earlier turns have ended, with what ends this one.
   *
   * @throws the reason of `signal`, when it aborts before
   */
  async take(signal: AbortSignal): Promise<() => void> {
    const before = this.last;
    let end = () => {};
    const turn = new Promise<void>(resolve => (end = resolve));
    this.last = before.then(() => turn);
    try {
      await unlessAborted(before, signal);
      return end;
    } catch (error) {
      end();
      throw error;
    }
  }
}

async function unlessAborted(
  work: Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

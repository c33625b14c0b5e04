export type RepeatedWorkOptions<R> = {
  /** Runs at most once at a time. */
  work(): Promise<R>;
  everyMs: number;
  /** Told of failures of the runs that nobody waits for; `isRepeated` from the second in a row. */
  onError(error: unknown, context: { isRepeated: boolean }): void;
};

/** Work that a process does every so often; it keeps no process from ending. */
export class RepeatedWork<R = void> {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<R> | undefined;
  private isFailing = false;

  constructor(private readonly options: RepeatedWorkOptions<R>) {}

  /** Begins with a run, or with a time of waiting. Safe to call again. */
  start({ first = 'run' }: { first?: 'run' | 'wait' } = {}): void {
    if (this.timer) return;
    const { everyMs } = this.options;
    this.timer = setInterval(() => void this.attend(), everyMs).unref();
    if (first === 'run') void this.attend();
  }

  /**
   * Runs now, or joins the run that is under way. Safe to call at any time.
   *
   * @throws what the work throws
   */
  run(): Promise<R> {
    this.running ??= this.options.work().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  /** Resolves when no run is under way. */
  async idle(): Promise<void> {
    await this.running?.catch(() => {});
  }

  /** Ends repeating; waits for the run that is under way. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.idle();
  }

  private async attend(): Promise<void> {
    try {
      await this.run();
      this.isFailing = false;
    } catch (error) {
      this.options.onError(error, { isRepeated: this.isFailing });
      this.isFailing = true;
    }
  }
}

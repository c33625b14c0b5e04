/**
 * Finds a text within one stretch of a longer one after the other. Looks at each
 * character once at most, however many stretches do not have it.
 */
export class TextFinder {
  /** Where it was found last, -1 when there is no more; `undefined` until somebody asks. */
  private at: number | undefined;

  constructor(private readonly whole: string, private readonly text: string) {}

  /** Where it begins within the stretch; -1 if nowhere. Stretches must not go back. */
  find(start: number, end: number): number {
    if (this.at === undefined || (this.at >= 0 && this.at < start)) {
      this.at = this.whole.indexOf(this.text, start);
    }
    return this.at < end ? this.at : -1;
  }
}

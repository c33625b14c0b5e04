/** The best of many scored things, best first; of equal scores the one that came first. */
export class TopList {
  private readonly scores: Float64Array;
  private readonly items: Float64Array;
  private size = 0;

  constructor(private readonly limit: number) {
    this.scores = new Float64Array(limit);
    this.items = new Float64Array(limit);
  }

  /** Scores up to this do not get in any more. */
  get floor(): number {
    return this.size < this.limit ? -Infinity : this.scores[this.limit - 1];
  }

  /** Does nothing with a score that is not above {@link floor}. */
  offer(item: number, score: number): void {
    if (!(score > this.floor)) return;
    let at = this.size < this.limit ? this.size++ : this.limit - 1;
    for (; at > 0 && this.scores[at - 1] < score; at--) {
      this.scores[at] = this.scores[at - 1];
      this.items[at] = this.items[at - 1];
    }
    this.scores[at] = score;
    this.items[at] = item;
  }

  entries(): Array<{ item: number; score: number }> {
    return Array.from({ length: this.size }, (_, index) => ({
      item: this.items[index],
      score: this.scores[index],
    }));
  }
}

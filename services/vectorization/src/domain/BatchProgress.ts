/** Knows up to where all batches are done that are worked on at the same time. */
export class BatchProgress {
  /** In the order of the batches; those at the front are not done. */
  private readonly batches: Array<{ end: number; isDone: boolean }> = [];

  /** @param note - told each time that more is done without a gap */
  constructor(private readonly note: (end: number) => Promise<void>) {}

  /**
   * To be called in the order of the batches.
   *
   * @param end - where the batch ends
   * @returns to be called when it is done
   */
  begin(end: number): () => Promise<void> {
    const batch = { end, isDone: false };
    this.batches.push(batch);
    return async () => {
      batch.isDone = true;
      let reached: number | undefined;
      while (this.batches[0]?.isDone) reached = this.batches.shift()!.end;
      if (reached !== undefined) await this.note(reached);
    };
  }
}

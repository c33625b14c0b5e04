/** That the process shall end, and how soon at the latest. */
export type StopOrder = { reason: string; deadlineMs: number };

/** Orders to stop, which may come before there is anything that could be stopped. */
export class StopOrders {
  private readonly waiting: StopOrder[] = [];
  private obey: ((order: StopOrder) => void) | undefined;

  /** Obeyed at once, or as soon as somebody obeys. */
  give(order: StopOrder): void {
    if (this.obey) this.obey(order);
    else this.waiting.push(order);
  }

  /** From here on each order is handed to `obey`; those that came before, at once. */
  obeyBy(obey: (order: StopOrder) => void): void {
    this.obey = obey;
    for (const order of this.waiting.splice(0)) obey(order);
  }
}

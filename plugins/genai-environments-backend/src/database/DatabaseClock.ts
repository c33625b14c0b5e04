import type { Knex } from 'knex';

const SYNC_INTERVAL_MS = 60_000;

/**
 * Epoch milliseconds by the clock that all replicas share: the database's. Leases would
 * end early on a replica whose own clock runs ahead. SQLite shares the machine's clock.
 */
export class DatabaseClock {
  private offsetMs = 0;
  private timer?: NodeJS.Timeout;

  static async create(options: {
    knex: Knex;
    /** Called when the database cannot be asked; the last offset stays in use. */
    onError: (error: unknown) => void;
  }): Promise<DatabaseClock> {
    const clock = new DatabaseClock(options.knex);
    if (options.knex.client.config.client.includes('pg')) {
      await clock.sync();
      clock.timer = setInterval(
        () => clock.sync().catch(options.onError),
        SYNC_INTERVAL_MS,
      );
      clock.timer.unref();
    }
    return clock;
  }

  private constructor(private readonly knex: Knex) {}

  readonly now = (): number => Date.now() + this.offsetMs;

  stop(): void {
    clearInterval(this.timer);
  }

  private async sync(): Promise<void> {
    const before = Date.now();
    const { rows } = await this.knex.raw(
      'select extract(epoch from clock_timestamp()) * 1000 as now',
    );
    const middle = (before + Date.now()) / 2;
    this.offsetMs = Math.round(Number(rows[0].now) - middle);
  }
}

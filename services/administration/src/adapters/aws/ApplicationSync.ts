import type { Logger } from '@genai-environments/service-kit';
import type { ApplicationRecords } from './ApplicationRecords';
import type { CognitoUserPool } from './CognitoUserPool';
import { toAdopted } from './TableApplicationDirectory';

const EVERY_MS = 60_000;

/**
 * Keeps the table's list in step with the pool: clients that others made or deleted there
 * without a word are noted or forgotten. Any number of processes may do so at once.
 */
export class ApplicationSync {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly options: {
      pool: CognitoUserPool;
      records: ApplicationRecords;
      logger: Logger;
    },
  ) {}

  start(): void {
    this.timer ??= setInterval(() => void this.look(), EVERY_MS).unref();
    void this.look();
  }

  /** Safe to call at any time. */
  run(): Promise<void> {
    this.running ??= this.compare().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.running?.catch(() => {});
  }

  private async look(): Promise<void> {
    try {
      await this.run();
    } catch (error) {
      this.options.logger.warn(
        { err: error },
        'The applications were not compared with the user pool; tried again in a minute',
      );
    }
  }

  /** Records are read first: each had its client before. */
  private async compare(): Promise<void> {
    const { pool, records } = this.options;
    const noted = new Set(
      (await records.list()).map(({ clientId }) => clientId),
    );
    const clients = await pool.listIds();
    for (const clientId of clients) {
      if (noted.has(clientId)) continue;
      const client = await pool.describe(clientId);
      if (client) await records.add(toAdopted(client));
    }
    for (const clientId of noted) {
      if (clients.has(clientId)) continue;
      // A list that changes while it is read may lack one; its record says who is shut out.
      if (!(await pool.describe(clientId))) await records.delete(clientId);
    }
  }
}

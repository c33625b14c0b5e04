import { type Logger, RepeatedWork } from '@genai-environments/service-kit';
import type { ApplicationRecords } from './ApplicationRecords';
import type { CognitoUserPool } from './CognitoUserPool';
import { toAdopted } from './TableApplicationDirectory';

const EVERY_MS = 60_000;

/**
 * Keeps the table's list in step with the pool: clients that others made or deleted there
 * without a word are noted or forgotten. Any number of processes may do so at once.
 */
export class ApplicationSync {
  private readonly work = new RepeatedWork({
    work: () => this.compare(),
    everyMs: EVERY_MS,
    onError: error =>
      this.options.logger.warn(
        { err: error },
        'The applications were not compared with the user pool; tried again in a minute',
      ),
  });

  constructor(
    private readonly options: {
      pool: CognitoUserPool;
      records: ApplicationRecords;
      logger: Logger;
    },
  ) {}

  start(): void {
    this.work.start();
  }

  /** Safe to call at any time. */
  run(): Promise<void> {
    return this.work.run();
  }

  close(): Promise<void> {
    return this.work.close();
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

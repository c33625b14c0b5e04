import { Clock, inTransaction } from '@genai-environments/service-kit';
import type { DatabaseSync } from 'node:sqlite';
import { Limits, limitsSchema, LimitSubject } from '../../domain/limits/Limits';
import type { LimitSettings } from '../../ports/LimitSettings';

const LOOK_EVERY_MS = 1000;
const NONE: Limits = {};

/** Keeps limits in the service's database and answers from memory. */
export class SqliteLimitSettings implements LimitSettings {
  private limits = new Map<string, Limits>();
  private known = -1;
  private lookedAt = -Infinity;

  constructor(
    private readonly options: { database: DatabaseSync; clock: Clock },
  ) {
    this.revision();
  }

  revision(): number {
    const now = this.options.clock.now();
    if (now - this.lookedAt >= LOOK_EVERY_MS || now < this.lookedAt) {
      this.lookedAt = now;
      this.load();
    }
    return this.known;
  }

  get(subject: LimitSubject): Limits {
    return this.limits.get(subject) ?? NONE;
  }

  async put(subject: LimitSubject, limits: Limits): Promise<void> {
    const { database } = this.options;
    const text = JSON.stringify(limitsSchema.parse(limits));
    inTransaction(database, () => {
      if (text === '{}') {
        database
          .prepare('DELETE FROM limit_setting WHERE subject = ?')
          .run(subject);
      } else {
        database
          .prepare(
            `INSERT INTO limit_setting (subject, limits) VALUES (?, ?)
             ON CONFLICT DO UPDATE SET limits = excluded.limits`,
          )
          .run(subject, text);
      }
      database.exec('UPDATE limit_revision SET revision = revision + 1');
    });
    this.load();
  }

  private load(): void {
    const { database } = this.options;
    const { revision } = database
      .prepare('SELECT revision FROM limit_revision')
      .get() as { revision: number };
    if (revision === this.known) return;
    const rows = database
      .prepare('SELECT subject, limits FROM limit_setting')
      .all() as Array<{ subject: string; limits: string }>;
    this.limits = new Map(
      rows.map(({ subject, limits }) => [
        subject,
        limitsSchema.parse(JSON.parse(limits)),
      ]),
    );
    this.known = revision;
  }
}

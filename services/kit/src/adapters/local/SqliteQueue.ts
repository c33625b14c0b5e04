import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { DeadMessage, Queue, QueueMessage } from '../../ports';
import { toQueueText } from '../../ports/queueBody';
import { inTransaction, Migration } from '../../sqlite/openDatabase';
import { Clock, systemClock } from '../../time';
import { arrivalsOf } from './queueArrivals';

/**
 * Tables of any number of queues. They go before or after the migrations of the database
 * that holds them, as one step that never changes.
 */
export const queueMigrations: Migration[] = [
  `
  CREATE TABLE queue_message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL,
    body TEXT NOT NULL,
    visible_at INTEGER NOT NULL,
    deliveries INTEGER NOT NULL DEFAULT 0,
    receipt TEXT
  ) STRICT;
  CREATE INDEX queue_message_visible ON queue_message (queue, visible_at);
  CREATE TABLE queue_dead (
    id INTEGER PRIMARY KEY,
    queue TEXT NOT NULL,
    body TEXT NOT NULL,
    reason TEXT NOT NULL,
    buried_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX queue_dead_buried ON queue_dead (queue, buried_at);
  `,
];

/** How long messages that other processes send may go unnoticed. */
const POLL_MS = 200;

type Row = { id: number; body: string; deliveries: number };

/**
 * Keeps messages in a table, for any number of consumers and processes.
 *
 * `send` joins a transaction that is open on the database, so that work can be recorded
 * and ordered in one step: call it inside `inTransaction` without awaiting it there.
 */
export class SqliteQueue<T> implements Queue<T> {
  private readonly database: DatabaseSync;
  private readonly name: string;
  private readonly clock: Clock;

  /** @param options.database - with {@link queueMigrations} */
  constructor(options: {
    database: DatabaseSync;
    name: string;
    clock?: Clock;
  }) {
    this.database = options.database;
    this.name = options.name;
    this.clock = options.clock ?? systemClock;
  }

  async send(
    bodies: readonly T[],
    options: { delaySeconds?: number } = {},
  ): Promise<void> {
    const texts = bodies.map(toQueueText);
    if (texts.length === 0) return;
    const visibleAt = after(this.clock.now(), options.delaySeconds ?? 0);
    this.atomically(() => {
      const insert = this.sql(
        'INSERT INTO queue_message (queue, body, visible_at) VALUES (?, ?, ?)',
      );
      for (const text of texts) insert.run(this.name, text, visibleAt);
    });
    this.arrivals().announce();
  }

  async receive(options: {
    max: number;
    visibilityTimeoutSeconds: number;
    waitSeconds: number;
    signal?: AbortSignal;
  }): Promise<Array<QueueMessage<T>>> {
    const { waitSeconds, signal } = options;
    const deadline = performance.now() + waitSeconds * 1000;
    for (;;) {
      if (signal?.aborted) return [];
      const messages = this.claim(options);
      const leftMs = deadline - performance.now();
      if (messages.length > 0 || leftMs <= 0) return messages;
      await this.arrivals().wait(Math.min(POLL_MS, leftMs), signal);
    }
  }

  async delete(message: QueueMessage<T>): Promise<void> {
    this.sql('DELETE FROM queue_message WHERE id = ? AND receipt = ?').run(
      Number(message.id),
      message.receipt,
    );
  }

  async extend(
    message: QueueMessage<T>,
    visibilityTimeoutSeconds: number,
  ): Promise<boolean> {
    const now = this.clock.now();
    const { changes } = this.sql(
      `UPDATE queue_message SET visible_at = ?
       WHERE id = ? AND receipt = ? AND visible_at > ?`,
    ).run(
      after(now, visibilityTimeoutSeconds),
      Number(message.id),
      message.receipt,
      now,
    );
    if (visibilityTimeoutSeconds === 0) this.arrivals().announce();
    return changes === 1;
  }

  async giveBack(
    message: QueueMessage<T>,
    { delaySeconds = 0 }: { delaySeconds?: number } = {},
  ): Promise<void> {
    this.sql(
      `UPDATE queue_message
       SET visible_at = ?, deliveries = deliveries - 1, receipt = NULL
       WHERE id = ? AND receipt = ?`,
    ).run(
      after(this.clock.now(), delaySeconds),
      Number(message.id),
      message.receipt,
    );
    if (delaySeconds === 0) this.arrivals().announce();
  }

  async bury(message: QueueMessage<T>, reason: string): Promise<void> {
    const id = Number(message.id);
    this.atomically(() => {
      const { changes } = this.sql(
        `INSERT INTO queue_dead (id, queue, body, reason, buried_at)
         SELECT id, queue, body, ?, ? FROM queue_message
         WHERE id = ? AND receipt = ?`,
      ).run(reason, this.clock.now(), id, message.receipt);
      if (changes === 1) {
        this.sql('DELETE FROM queue_message WHERE id = ?').run(id);
      }
    });
  }

  async listDead({ limit }: { limit: number }): Promise<Array<DeadMessage<T>>> {
    const rows = this.sql(
      `SELECT id, body, reason FROM queue_dead WHERE queue = ?
       ORDER BY buried_at DESC, id DESC LIMIT ?`,
    ).all(this.name, limit) as Array<{
      id: number;
      body: string;
      reason: string;
    }>;
    return rows.map(({ id, body, reason }) => ({
      id: String(id),
      body: JSON.parse(body) as T,
      reason,
    }));
  }

  async counts(): Promise<{ ready: number; inFlight: number; dead: number }> {
    return this.sql(
      `SELECT
         count(*) FILTER (WHERE visible_at <= ?1) AS ready,
         count(*) FILTER (WHERE visible_at > ?1 AND receipt IS NOT NULL) AS inFlight,
         (SELECT count(*) FROM queue_dead WHERE queue = ?2) AS dead
       FROM queue_message WHERE queue = ?2`,
    ).get(this.clock.now(), this.name) as {
      ready: number;
      inFlight: number;
      dead: number;
    };
  }

  private claim(options: {
    max: number;
    visibilityTimeoutSeconds: number;
  }): Array<QueueMessage<T>> {
    const { max, visibilityTimeoutSeconds } = options;
    const now = this.clock.now();
    const receipt = randomUUID();
    // Looking takes no lock; idle consumers must not stand in the way of writers.
    const waiting = this.sql(
      'SELECT 1 FROM queue_message WHERE queue = ? AND visible_at <= ? LIMIT 1',
    ).get(this.name, now);
    if (!waiting) return [];

    const rows = this.atomically(
      () =>
        this.sql(
          `UPDATE queue_message
           SET receipt = ?, visible_at = ?, deliveries = deliveries + 1
           WHERE id IN (
             SELECT id FROM queue_message WHERE queue = ? AND visible_at <= ?
             ORDER BY visible_at, id LIMIT ?
           )
           RETURNING id, body, deliveries`,
        ).all(
          receipt,
          after(now, visibilityTimeoutSeconds),
          this.name,
          now,
          max,
        ) as Row[],
    );
    return rows.map(({ id, body, deliveries }) => ({
      id: String(id),
      body: JSON.parse(body) as T,
      receipt,
      deliveries,
    }));
  }

  private atomically<R>(work: () => R): R {
    return this.database.isTransaction
      ? work()
      : inTransaction(this.database, work);
  }

  private arrivals() {
    return arrivalsOf(this.database, this.name);
  }

  private sql(text: string) {
    return this.database.prepare(text);
  }
}

function after(now: number, seconds: number): number {
  return now + Math.round(seconds * 1000);
}

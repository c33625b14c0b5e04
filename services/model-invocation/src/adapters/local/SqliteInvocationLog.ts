import {
  InvalidInputError,
  inTransaction,
  Logger,
} from '@genai-environments/service-kit';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type {
  InvocationLog,
  LoggedCall,
  LogPage,
} from '../../ports/InvocationLog';
import { GroupCommit } from './GroupCommit';

type Row = Omit<LoggedCall, 'cached'> & { sequence: number; cached: number };

/** Calls that are kept while the database cannot be written; about 20 MB. */
const MAX_PENDING = 100_000;

const INSERT = `
  INSERT INTO invocation_log (client_id, model, status, input_tokens, output_tokens,
    cost_micro_usd, duration_ms, cached, at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const PAGE = `
  SELECT sequence, client_id AS clientId, model, status, input_tokens AS inputTokens,
    output_tokens AS outputTokens, cost_micro_usd AS costMicroUsd,
    duration_ms AS durationMs, cached, at
  FROM invocation_log WHERE client_id = ? AND sequence < ?
  ORDER BY sequence DESC LIMIT ?`;

// Rows are in the order of their calls, so the oldest are the first ones: no index on time.
const DELETE_OLDER = `
  DELETE FROM invocation_log WHERE at < ? AND sequence IN (
    SELECT sequence FROM invocation_log ORDER BY sequence LIMIT ?)`;

/** Keeps the log in the service's database; commits in groups. */
export class SqliteInvocationLog implements InvocationLog {
  private readonly insert: StatementSync;
  private readonly group: GroupCommit;
  private pending: LoggedCall[] = [];

  constructor(
    private readonly options: {
      database: DatabaseSync;
      logger: Logger;
      /** Longest time a call stays in memory only; default 50. */
      flushAfterMs?: number;
    },
  ) {
    this.insert = options.database.prepare(INSERT);
    this.group = new GroupCommit({
      logger: options.logger,
      afterMs: options.flushAfterMs,
      failure: 'The invocation log could not be written',
      commit: () => this.write(),
    });
  }

  record(call: LoggedCall): void {
    if (this.pending.length >= MAX_PENDING) this.pending.shift();
    this.pending.push(call);
    this.group.schedule();
  }

  async page(
    clientId: string,
    { limit, cursor }: { limit: number; cursor?: string },
  ): Promise<LogPage> {
    this.group.commit();
    const before =
      cursor === undefined ? Number.MAX_SAFE_INTEGER : readCursor(cursor);
    const rows = this.options.database
      .prepare(PAGE)
      .all(clientId, before, limit + 1) as Row[];
    const items = rows.slice(0, limit).map(toCall);
    return rows.length > limit
      ? { items, nextCursor: String(rows[limit - 1].sequence) }
      : { items };
  }

  async deleteOlder(before: number, limit: number): Promise<number> {
    const { changes } = this.options.database
      .prepare(DELETE_OLDER)
      .run(before, limit);
    return Number(changes);
  }

  async flush(): Promise<void> {
    this.group.commit();
  }

  async close(): Promise<void> {
    this.group.close();
  }

  private write(): void {
    if (this.pending.length === 0) return;
    inTransaction(this.options.database, () => {
      for (const call of this.pending) {
        this.insert.run(
          call.clientId,
          call.model,
          call.status,
          call.inputTokens,
          call.outputTokens,
          call.costMicroUsd,
          Math.round(call.durationMs),
          call.cached ? 1 : 0,
          call.at,
        );
      }
    });
    this.pending = [];
  }
}

function toCall({ sequence: _, cached, ...call }: Row): LoggedCall {
  return { ...call, cached: cached === 1 };
}

function readCursor(cursor: string): number {
  const sequence = /^\d{1,15}$/.test(cursor) ? Number(cursor) : 0;
  if (sequence > 0) return sequence;
  throw new InvalidInputError(
    'The cursor is not one of this list. Leave it out to begin at the newest call.',
    { code: 'invalid_cursor' },
  );
}

import type { DatabaseSync } from 'node:sqlite';
import type { GenerateRequest } from '../../domain/Model';
import type {
  ClaimedInvocation,
  InvocationOutcome,
  InvocationRun,
  InvocationStore,
  StoredInvocation,
} from '../../ports/InvocationStore';

type Row = {
  id: string;
  client_id: string;
  status: 'pending' | 'succeeded' | 'failed';
  attempts: number;
  runs: number;
  request: string | null;
  outcome: string | null;
  accepted_at: number;
};

/** Keeps asynchronous invocations in the service's database. */
export class SqliteInvocationStore implements InvocationStore {
  constructor(private readonly options: { database: DatabaseSync }) {}

  async accept(invocation: {
    id: string;
    clientId: string;
    request: GenerateRequest;
    acceptedAt: number;
  }): Promise<void> {
    const { id, clientId, request, acceptedAt } = invocation;
    this.sql(
      `INSERT INTO invocation (id, client_id, status, request, accepted_at, due_at)
       VALUES (?, ?, 'pending', ?, ?, ?)`,
    ).run(id, clientId, JSON.stringify(request), acceptedAt, acceptedAt);
  }

  async claim(
    id: string,
    { now, until }: { now: number; until: number },
  ): Promise<ClaimedInvocation | undefined> {
    const row = this.sql(
      `UPDATE invocation SET attempts = attempts + 1, runs = runs + 1, due_at = ?
       WHERE id = ? AND status = 'pending' AND due_at <= ? RETURNING *`,
    ).get(until, id, now) as Row | undefined;
    return (
      row && {
        id: row.id,
        run: row.runs,
        clientId: row.client_id,
        attempts: row.attempts,
        acceptedAt: row.accepted_at,
        request: JSON.parse(row.request!),
      }
    );
  }

  async renew({ id, run }: InvocationRun, until: number): Promise<boolean> {
    const { changes } = this.sql(
      `UPDATE invocation SET due_at = ?
       WHERE id = ? AND status = 'pending' AND runs = ?`,
    ).run(until, id, run);
    return changes === 1;
  }

  async release({ id, run }: InvocationRun, dueAt: number): Promise<void> {
    this.sql(
      `UPDATE invocation SET due_at = ?, attempts = attempts - 1
       WHERE id = ? AND status = 'pending' AND runs = ?`,
    ).run(dueAt, id, run);
  }

  async complete(
    id: string,
    outcome: InvocationOutcome,
    times: { expiresAt: number },
  ): Promise<boolean> {
    const { changes } = this.sql(
      `UPDATE invocation SET status = ?, outcome = ?, request = NULL, expires_at = ?
       WHERE id = ? AND status = 'pending'`,
    ).run(outcome.status, JSON.stringify(outcome), times.expiresAt, id);
    return changes === 1;
  }

  async find(
    key: { id: string; clientId: string },
    now: number,
  ): Promise<StoredInvocation | undefined> {
    const row = this.sql(
      `SELECT * FROM invocation
       WHERE id = ? AND client_id = ? AND (expires_at IS NULL OR expires_at > ?)`,
    ).get(key.id, key.clientId, now) as Row | undefined;
    if (!row) return undefined;

    const { id, client_id: clientId, attempts } = row;
    if (row.status === 'pending') {
      return { id, clientId, attempts, status: 'pending' };
    }
    const outcome = JSON.parse(row.outcome!) as InvocationOutcome;
    return { id, clientId, attempts, ...outcome };
  }

  async listDue(options: { now: number; limit: number }): Promise<string[]> {
    const rows = this.sql(
      `SELECT id FROM invocation WHERE status = 'pending' AND due_at <= ?
       ORDER BY due_at, sequence LIMIT ?`,
    ).all(options.now, options.limit) as Array<{ id: string }>;
    return rows.map(row => row.id);
  }

  async countPending(clientId: string): Promise<number> {
    const row = this.sql(
      `SELECT count(*) AS count FROM invocation WHERE client_id = ? AND status = 'pending'`,
    ).get(clientId) as { count: number };
    return row.count;
  }

  async deleteExpired(now: number): Promise<number> {
    const { changes } = this.sql(
      `DELETE FROM invocation WHERE expires_at IS NOT NULL AND expires_at <= ?`,
    ).run(now);
    return Number(changes);
  }

  private sql(text: string) {
    return this.options.database.prepare(text);
  }
}

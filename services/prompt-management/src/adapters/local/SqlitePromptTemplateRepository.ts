import {
  ALL_ROWS,
  decodeCursor,
  inTransaction,
  oneMore,
  type Page,
  type PageRequest,
  toPage,
} from '@genai-environments/service-kit';
import type { DatabaseSync } from 'node:sqlite';
import type {
  PromptHistory,
  PromptLabel,
  PromptVersion,
} from '../../domain/PromptTemplate';
import type { PromptSyntax } from '../../domain/templates/CompiledTemplate';
import type { PromptTemplateRepository } from '../../ports/PromptTemplateRepository';

const COLUMNS = 'id, name, template, syntax, version';

/** Keeps prompt templates in the service's database. */
export class SqlitePromptTemplateRepository
  implements PromptTemplateRepository
{
  constructor(private readonly options: { database: DatabaseSync }) {}

  async append(
    clientId: string,
    prompt: {
      id: string;
      name: string;
      template: string;
      syntax: PromptSyntax;
      savedAt: number;
    },
  ): Promise<PromptVersion> {
    const { id, name, template, syntax, savedAt } = prompt;
    // The transaction holds the write lock from the start, so nobody can take the
    // same number between the two statements.
    return inTransaction(this.options.database, () => {
      const { next } = this.sql(
        `SELECT coalesce(max(version), 0) + 1 AS next FROM prompt_version
         WHERE client_id = ? AND name = ?`,
      ).get(clientId, name) as { next: number };
      this.sql(
        `INSERT INTO prompt_version (client_id, name, version, id, template, syntax, saved_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      ).run(clientId, name, next, id, template, syntax, savedAt);
      return { id, name, template, syntax, version: next };
    });
  }

  async findLatest(clientId: string, name: string) {
    return this.sql(
      `SELECT ${COLUMNS} FROM prompt_version WHERE client_id = ? AND name = ?
       ORDER BY version DESC LIMIT 1`,
    ).get(clientId, name) as PromptVersion | undefined;
  }

  async findVersion(clientId: string, key: { name: string; version: number }) {
    return this.sql(
      `SELECT ${COLUMNS} FROM prompt_version
       WHERE client_id = ? AND name = ? AND version = ?`,
    ).get(clientId, key.name, key.version) as PromptVersion | undefined;
  }

  async findLabeled(clientId: string, key: { name: string; label: string }) {
    return this.sql(
      `SELECT ${COLUMNS} FROM prompt_label JOIN prompt_version
         USING (client_id, name, version)
       WHERE client_id = ? AND name = ? AND label = ?`,
    ).get(clientId, key.name, key.label) as PromptVersion | undefined;
  }

  async listVersions(
    clientId: string,
    name: string,
    { limit, cursor }: PageRequest,
  ): Promise<Page<PromptVersion>> {
    const after = cursor === undefined ? 0 : Number(decodeCursor(cursor));
    const rows = this.sql(
      `SELECT ${COLUMNS} FROM prompt_version
       WHERE client_id = ? AND name = ? AND version > ?
       ORDER BY version LIMIT ?`,
    ).all(
      clientId,
      name,
      Number.isSafeInteger(after) ? after : 0,
      oneMore(limit) ?? ALL_ROWS,
    ) as PromptVersion[];
    return toPage(rows, {
      limit,
      placeOf: ({ version }) => version,
      toItem: same,
    });
  }

  async list(
    clientId: string,
    { limit, cursor }: PageRequest,
  ): Promise<Page<PromptHistory>> {
    const names = this.sql(
      `SELECT DISTINCT name FROM prompt_version WHERE client_id = ? AND name > ?
       ORDER BY name LIMIT ?`,
    ).all(
      clientId,
      cursor === undefined ? '' : decodeCursor(cursor),
      oneMore(limit) ?? ALL_ROWS,
    ) as Array<{ name: string }>;
    const { items, nextCursor } = toPage(names, {
      limit,
      placeOf: ({ name }) => name,
      toItem: same,
    });
    if (items.length === 0) return { items: [] };

    // One query for all versions of the page instead of one per name.
    const versions = this.sql(
      `SELECT ${COLUMNS} FROM prompt_version
       WHERE client_id = ? AND name BETWEEN ? AND ? ORDER BY name, version`,
    ).all(
      clientId,
      items[0].name,
      items[items.length - 1].name,
    ) as PromptVersion[];
    const histories = new Map<string, PromptVersion[]>();
    for (const version of versions) {
      const history = histories.get(version.name);
      if (history) history.push(version);
      else histories.set(version.name, [version]);
    }
    return {
      items: [...histories].map(([name, all]) => ({ name, versions: all })),
      ...(nextCursor === undefined ? {} : { nextCursor }),
    };
  }

  async listLatest(
    clientId: string,
    { limit, cursor }: PageRequest,
  ): Promise<Page<PromptVersion>> {
    // With max() SQLite takes the other columns from the row that holds the maximum.
    const rows = this.sql(
      `SELECT id, name, template, syntax, max(version) AS version
       FROM prompt_version WHERE client_id = ? AND name > ?
       GROUP BY name ORDER BY name LIMIT ?`,
    ).all(
      clientId,
      cursor === undefined ? '' : decodeCursor(cursor),
      oneMore(limit) ?? ALL_ROWS,
    ) as PromptVersion[];
    return toPage(rows, { limit, placeOf: ({ name }) => name, toItem: same });
  }

  async delete(clientId: string, name: string): Promise<number> {
    const { changes } = this.sql(
      'DELETE FROM prompt_version WHERE client_id = ? AND name = ?',
    ).run(clientId, name);
    return Number(changes);
  }

  async moveLabel(
    clientId: string,
    target: {
      name: string;
      label: string;
      version: number;
      movedAt: number;
      maxLabels: number;
    },
  ) {
    const { name, label, version, movedAt, maxLabels } = target;
    return inTransaction(this.options.database, () => {
      const row = this.sql(
        `SELECT 1 FROM prompt_version
         WHERE client_id = ? AND name = ? AND version = ?`,
      ).get(clientId, name, version);
      if (!row) return 'no-version';

      const { others } = this.sql(
        `SELECT count(*) AS others FROM prompt_label
         WHERE client_id = ? AND name = ? AND label <> ?`,
      ).get(clientId, name, label) as { others: number };
      if (others >= maxLabels) return 'too-many-labels';

      this.sql(
        `INSERT INTO prompt_label (client_id, name, label, version, moved_at)
         VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (client_id, name, label)
         DO UPDATE SET version = excluded.version, moved_at = excluded.moved_at`,
      ).run(clientId, name, label, version, movedAt);
      return { movedAt };
    });
  }

  async deleteLabel(clientId: string, key: { name: string; label: string }) {
    const { changes } = this.sql(
      'DELETE FROM prompt_label WHERE client_id = ? AND name = ? AND label = ?',
    ).run(clientId, key.name, key.label);
    return Number(changes) > 0;
  }

  async listLabels(clientId: string, name: string): Promise<PromptLabel[]> {
    return this.sql(
      `SELECT label, version, moved_at AS movedAt FROM prompt_label
       WHERE client_id = ? AND name = ? ORDER BY label`,
    ).all(clientId, name) as PromptLabel[];
  }

  private sql(text: string) {
    return this.options.database.prepare(text);
  }
}

function same<T>(row: T): T {
  return row;
}

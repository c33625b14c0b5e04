import {
  inTransaction,
  type PageRequest,
} from '@genai-environments/service-kit';
import type { DatabaseSync } from 'node:sqlite';
import type { TimeRange } from '../../domain/JobSums';
import type {
  IndexEmbedding,
  PendingRemoval,
  StoreType,
  VectorIndexRecord,
  VectorStore,
} from '../../domain/VectorStore';
import type { VectorStoreRepository } from '../../ports/VectorStoreRepository';
import { pageBounds, timeBounds, toNumberedPage, toTimePage } from './pages';

type StoreRow = {
  no: number;
  id: string;
  client_id: string;
  name: string;
  type: string;
  description: string | null;
  tags: string;
  created_at: number;
};

type IndexRow = {
  no: number;
  id: string;
  client_id: string;
  store_id: string;
  store_type: string;
  name: string;
  model: string | null;
  dimension: number | null;
  created_at: number;
};

const SELECT_INDEX = `SELECT i.no, i.id, i.client_id, i.store_id, i.name, i.model, i.dimension,
  i.created_at, s.type AS store_type
  FROM vector_index AS i JOIN vector_store AS s ON s.id = i.store_id`;

/** Keeps stores and indexes in the service's database. */
export class SqliteVectorStoreRepository implements VectorStoreRepository {
  constructor(private readonly options: { database: DatabaseSync }) {}

  async addStore(store: VectorStore) {
    const { id, clientId, name, type, description, tags, createdAt } = store;
    this.sql(
      `INSERT INTO vector_store (id, client_id, name, type, description, tags, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      id,
      clientId,
      name,
      type,
      description ?? null,
      JSON.stringify(tags),
      createdAt,
    );
  }

  async findStore(clientId: string, storeId: string) {
    const row = this.sql(
      'SELECT * FROM vector_store WHERE id = ? AND client_id = ?',
    ).get(storeId, clientId);
    return row && toStore(row as StoreRow);
  }

  async listStores(clientId: string, page: PageRequest & Partial<TimeRange>) {
    const { from = 0, to = Number.MAX_SAFE_INTEGER } = page;
    const { after, count } = timeBounds(page);
    const rows = this.sql(
      `SELECT * FROM vector_store
       WHERE client_id = ? AND created_at >= ? AND created_at < ? AND (created_at, no) > (?, ?)
       ORDER BY created_at, no LIMIT ?`,
    ).all(clientId, from, to, ...after, count) as StoreRow[];
    return toTimePage(rows, page, toStore);
  }

  async findOwner(storeId: string) {
    const row = this.sql('SELECT client_id FROM vector_store WHERE id = ?').get(
      storeId,
    );
    return row?.client_id as string | undefined;
  }

  async addIndex(index: VectorIndexRecord) {
    const { id, clientId, storeId, name, createdAt } = index;
    return inTransaction(this.options.database, () => {
      const store = this.sql(
        'SELECT 1 FROM vector_store WHERE id = ? AND client_id = ?',
      ).get(storeId, clientId);
      if (!store) return 'store_missing' as const;
      const { changes } = this.sql(
        `INSERT INTO vector_index (id, client_id, store_id, name, created_at)
         VALUES (?, ?, ?, ?, ?) ON CONFLICT (store_id, name) DO NOTHING`,
      ).run(id, clientId, storeId, name, createdAt);
      return changes === 1 ? ('added' as const) : ('name_taken' as const);
    });
  }

  async findIndex(clientId: string, indexId: string) {
    const row = this.sql(
      `${SELECT_INDEX} WHERE i.id = ? AND i.client_id = ?`,
    ).get(indexId, clientId);
    return row && toIndex(row as IndexRow);
  }

  async listIndexes(clientId: string, page: PageRequest & { storeId: string }) {
    const { after, count } = pageBounds(page);
    const rows = this.sql(
      `${SELECT_INDEX} WHERE i.store_id = ? AND i.client_id = ? AND i.no > ?
       ORDER BY i.no LIMIT ?`,
    ).all(page.storeId, clientId, after, count) as IndexRow[];
    return toNumberedPage(rows, page, toIndex);
  }

  async fixEmbedding(indexId: string, { model, dimension }: IndexEmbedding) {
    this.sql(
      `UPDATE vector_index SET model = ?, dimension = ?
       WHERE id = ? AND model IS NULL`,
    ).run(model, dimension, indexId);
    return this.sql(
      'SELECT model, dimension FROM vector_index WHERE id = ?',
    ).get(indexId) as IndexEmbedding | undefined;
  }

  async removeStore(clientId: string, storeId: string) {
    return inTransaction(this.options.database, () => {
      const store = this.sql(
        'SELECT 1 FROM vector_store WHERE id = ? AND client_id = ?',
      ).get(storeId, clientId);
      if (!store) return undefined;
      const removals = this.awaitRemoval('i.store_id = ?', storeId);
      // Indexes and jobs go with it.
      this.sql('DELETE FROM vector_store WHERE id = ?').run(storeId);
      return removals;
    });
  }

  async removeIndex(clientId: string, indexId: string) {
    return inTransaction(this.options.database, () => {
      const [removal] = this.awaitRemoval(
        'i.id = ? AND i.client_id = ?',
        indexId,
        clientId,
      );
      this.sql('DELETE FROM vector_index WHERE id = ? AND client_id = ?').run(
        indexId,
        clientId,
      );
      return removal as PendingRemoval | undefined;
    });
  }

  async listPendingRemovals() {
    return this.sql(
      'SELECT index_id AS indexId, store_type AS storeType FROM pending_removal',
    ).all() as PendingRemoval[];
  }

  async removed(indexId: string) {
    this.sql('DELETE FROM pending_removal WHERE index_id = ?').run(indexId);
  }

  /** @param which - condition on indexes `i`, with its parameters */
  private awaitRemoval(
    which: string,
    ...parameters: string[]
  ): PendingRemoval[] {
    const rows = this.sql(`${SELECT_INDEX} WHERE ${which}`).all(
      ...parameters,
    ) as IndexRow[];
    const insert = this.sql(
      'INSERT OR IGNORE INTO pending_removal (index_id, store_type) VALUES (?, ?)',
    );
    for (const { id, store_type: type } of rows) insert.run(id, type);
    return rows.map(({ id, store_type: type }) => ({
      indexId: id,
      storeType: type as StoreType,
    }));
  }

  private sql(text: string) {
    return this.options.database.prepare(text);
  }
}

function toStore(row: StoreRow): VectorStore {
  return {
    id: row.id,
    clientId: row.client_id,
    name: row.name,
    type: row.type as StoreType,
    ...(row.description === null ? {} : { description: row.description }),
    tags: JSON.parse(row.tags),
    createdAt: row.created_at,
  };
}

function toIndex(row: IndexRow): VectorIndexRecord {
  const { model, dimension } = row;
  return {
    id: row.id,
    clientId: row.client_id,
    storeId: row.store_id,
    storeType: row.store_type as StoreType,
    name: row.name,
    ...(model !== null && dimension !== null
      ? { embedding: { model, dimension } }
      : {}),
    createdAt: row.created_at,
  };
}

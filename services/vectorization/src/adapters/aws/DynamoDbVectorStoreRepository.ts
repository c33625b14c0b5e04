import type { PageRequest } from '@genai-environments/service-kit';
import {
  type Change,
  type DynamoTableClient,
  insist,
  type TableItem,
} from '@genai-environments/service-kit/aws';
import type { TimeRange } from '../../domain/JobSums';
import type {
  IndexEmbedding,
  PendingRemoval,
  StoreType,
  VectorIndexRecord,
  VectorStore,
} from '../../domain/VectorStore';
import type { VectorStoreRepository } from '../../ports/VectorStoreRepository';
import { deleteJobsOf } from './deleteJobs';
import {
  INDEX_PREFIX,
  indexEntryKey,
  indexKey,
  indexNameKey,
  madeAt,
  membersOf,
  REMOVALS,
  storeKey,
  storesOf,
} from './recordKeys';
import { readPage } from './tablePages';

/** Most indexes that go with their store in one transaction: four of its changes each. */
const MAX_INDEXES_AT_ONCE = 24;

const REVISION = { '#revision': 'revision' };

/**
 * Keeps stores and indexes in the environment's table. A store with more than 24 indexes is
 * not removed at once: first some of its indexes go, the store with the last of them.
 *
 * @see docs/adr/0011-one-dynamodb-table.md
 */
export class DynamoDbVectorStoreRepository implements VectorStoreRepository {
  constructor(
    private readonly options: {
      table: DynamoTableClient;
      /** Default and most: 24. */
      indexesAtOnce?: number;
    },
  ) {}

  async addStore(store: VectorStore) {
    const { id, clientId } = store;
    await this.options.table.transact([
      { put: { ...storeKey(id), clientId, store, revision: 0 } },
      { put: { pk: storesOf(clientId), sk: madeAt(store), store } },
    ]);
  }

  async findStore(clientId: string, storeId: string) {
    const item = await this.options.table.get(storeKey(storeId));
    return item?.clientId === clientId
      ? (item.store as VectorStore)
      : undefined;
  }

  async listStores(clientId: string, page: PageRequest & Partial<TimeRange>) {
    const { table } = this.options;
    const pk = storesOf(clientId);
    const { entries, ...more } = await readPage(table, { pk, ...page });
    return { items: entries.map(({ store }) => store as VectorStore), ...more };
  }

  async findOwner(storeId: string) {
    const item = await this.options.table.get(storeKey(storeId));
    return item?.clientId as string | undefined;
  }

  async addIndex(index: VectorIndexRecord) {
    const { id: indexId, clientId, storeId } = index;
    const refusals = await this.options.table.transact([
      {
        key: storeKey(storeId),
        set: 'ADD #revision :one',
        when: 'clientId = :clientId',
        names: REVISION,
        values: { ':one': 1, ':clientId': clientId },
      },
      {
        put: { ...indexNameKey(index), indexId },
        when: 'attribute_not_exists(pk)',
      },
      { put: { ...indexKey(indexId), clientId, index } },
      { put: { ...indexEntryKey(index), index } },
    ]);
    if (!refusals) return 'added';
    return refusals.has(0) ? 'store_missing' : 'name_taken';
  }

  async findIndex(clientId: string, indexId: string) {
    const item = await this.options.table.get(indexKey(indexId));
    return item?.clientId === clientId ? toIndex(item) : undefined;
  }

  async listIndexes(clientId: string, page: PageRequest & { storeId: string }) {
    const { table } = this.options;
    const { storeId, ...request } = page;
    const { entries, ...more } = await readPage(table, {
      pk: membersOf(storeId),
      prefix: INDEX_PREFIX,
      ...request,
    });
    // Entries never change; what is fixed later is in the record.
    const records = await table.getMany(
      entries.map(({ index }) => indexKey(index.id)),
    );
    const items = records
      .filter((item): item is TableItem => item?.clientId === clientId)
      .map(toIndex);
    return { items, ...more };
  }

  async fixEmbedding(indexId: string, embedding: IndexEmbedding) {
    const item = await this.options.table.update({
      key: indexKey(indexId),
      set: 'SET embedding = if_not_exists(embedding, :embedding)',
      when: 'attribute_exists(pk)',
      values: { ':embedding': embedding },
      answer: 'after',
    });
    return item?.embedding as IndexEmbedding | undefined;
  }

  async removeStore(clientId: string, storeId: string) {
    const removals: PendingRemoval[] = [];
    for (;;) {
      const step = await insist({
        attempt: () => this.removeSome(clientId, storeId),
      });
      removals.push(...step.removals);
      if (step.state === 'missing' && removals.length === 0) return undefined;
      if (step.state !== 'more') return removals;
    }
  }

  removeIndex(clientId: string, indexId: string) {
    return insist<{ removal?: PendingRemoval }>({
      attempt: async () => {
        const index = await this.findIndex(clientId, indexId);
        if (!index) return {};
        const refusals = await this.options.table.transact([
          {
            key: storeKey(index.storeId),
            set: 'ADD #revision :one',
            when: 'attribute_exists(pk)',
            names: REVISION,
            values: { ':one': 1 },
          },
          ...removalOf(index),
        ]);
        return refusals ? undefined : { removal: toRemoval(index) };
      },
    }).then(({ removal }) => removal);
  }

  async listPendingRemovals() {
    const items = await this.options.table.queryAll({ pk: REMOVALS });
    return items.map(({ sk, storeType }) => ({
      indexId: sk,
      storeType: storeType as StoreType,
    }));
  }

  async removed(indexId: string) {
    const { table } = this.options;
    await deleteJobsOf(table, indexId);
    const key = { pk: REMOVALS, sk: indexId };
    await table.transact([{ key, delete: true }]);
  }

  /** `undefined` when the store was changed meanwhile. */
  private async removeSome(clientId: string, storeId: string) {
    const { table, indexesAtOnce = MAX_INDEXES_AT_ONCE } = this.options;
    const item = await table.get(storeKey(storeId));
    if (item?.clientId !== clientId) {
      return { state: 'missing' as const, removals: [] };
    }
    const entries = await table.queryAll({
      pk: membersOf(storeId),
      sk: { beginsWith: INDEX_PREFIX },
      limit: indexesAtOnce + 1,
    });
    const isAll = entries.length <= indexesAtOnce;
    const indexes = entries
      .slice(0, indexesAtOnce)
      .map(({ index }) => index as VectorIndexRecord);
    const refusals = await table.transact([
      ...(isAll ? removalOfStore(item) : [changeOfStore(item)]),
      ...indexes.flatMap(removalOf),
    ]);
    if (refusals) return undefined;
    const state = isAll ? ('done' as const) : ('more' as const);
    return { state, removals: indexes.map(toRemoval) };
  }
}

/** Refused when indexes came or went since the store was read. */
function unchanged(store: TableItem) {
  return {
    key: storeKey(store.store.id),
    when: '#revision = :revision',
    names: REVISION,
  };
}

function removalOfStore(item: TableItem): Change[] {
  const store = item.store as VectorStore;
  const entry = { pk: storesOf(store.clientId), sk: madeAt(store) };
  return [
    {
      ...unchanged(item),
      values: { ':revision': item.revision },
      delete: true,
    },
    { key: entry, delete: true },
  ];
}

function changeOfStore(item: TableItem): Change {
  return {
    ...unchanged(item),
    values: { ':revision': item.revision, ':one': 1 },
    set: 'ADD #revision :one',
  };
}

/** Four changes; refused when the index is gone. */
function removalOf(index: VectorIndexRecord): Change[] {
  const { id, storeType } = index;
  return [
    { key: indexKey(id), when: 'attribute_exists(pk)', delete: true },
    { key: indexNameKey(index), delete: true },
    { key: indexEntryKey(index), delete: true },
    { put: { pk: REMOVALS, sk: id, storeType } },
  ];
}

function toRemoval({ id, storeType }: VectorIndexRecord): PendingRemoval {
  return { indexId: id, storeType };
}

function toIndex({ index, embedding }: TableItem): VectorIndexRecord {
  return { ...index, ...(embedding ? { embedding } : {}) };
}

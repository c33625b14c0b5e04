import type { Page, PageRequest } from '@genai-environments/service-kit';
import type { TimeRange } from '../domain/JobSums';
import type {
  IndexEmbedding,
  PendingRemoval,
  VectorIndexRecord,
  VectorStore,
} from '../domain/VectorStore';

/**
 * Port: records of stores and indexes. An application never sees another one's. Lists are in
 * the order of creation and complete when no limit is given; cursors are opaque and stay
 * valid while records come and go.
 */
export interface VectorStoreRepository {
  addStore(store: VectorStore): Promise<void>;

  findStore(
    clientId: string,
    storeId: string,
  ): Promise<VectorStore | undefined>;

  /** All stores, or those made in a range of time. */
  listStores(
    clientId: string,
    page: PageRequest & Partial<TimeRange>,
  ): Promise<Page<VectorStore>>;

  /** Whose store it is; `undefined` when there is no such store. */
  findOwner(storeId: string): Promise<string | undefined>;

  /**
   * `store_missing` when the store is not there any more, `name_taken` when the store has an
   * index of that name; concurrent calls included.
   */
  addIndex(
    index: VectorIndexRecord,
  ): Promise<'added' | 'store_missing' | 'name_taken'>;

  findIndex(
    clientId: string,
    indexId: string,
  ): Promise<VectorIndexRecord | undefined>;

  listIndexes(
    clientId: string,
    page: PageRequest & { storeId: string },
  ): Promise<Page<VectorIndexRecord>>;

  /**
   * Fixes the embedding of an index unless it is fixed already, concurrent calls included.
   *
   * @returns what is fixed now; `undefined` when the index is gone
   */
  fixEmbedding(
    indexId: string,
    embedding: IndexEmbedding,
  ): Promise<IndexEmbedding | undefined>;

  /**
   * Removes a store, its indexes and their jobs at once. The indexes are then pending removal,
   * until {@link removed}.
   *
   * @returns the indexes; `undefined` when there is no such store
   */
  removeStore(
    clientId: string,
    storeId: string,
  ): Promise<PendingRemoval[] | undefined>;

  /**
   * Removes an index and its jobs likewise.
   *
   * @returns `undefined` when there is no such index
   */
  removeIndex(
    clientId: string,
    indexId: string,
  ): Promise<PendingRemoval | undefined>;

  /** Indexes whose records are gone and whose contents may be there still. */
  listPendingRemovals(): Promise<PendingRemoval[]>;

  /** The contents are gone too. Safe to repeat. */
  removed(indexId: string): Promise<void>;
}

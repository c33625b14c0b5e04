import {
  attemptEach,
  Clock,
  ConflictError,
  IdGenerator,
  type Logger,
  NotFoundError,
  type Page,
  type PageRequest,
} from '@genai-environments/service-kit';
import type { VectorStoreRepository } from '../ports/VectorStoreRepository';
import { noIndex } from './noIndex';
import type { VectorIndexes } from './VectorIndexes';
import type {
  PendingRemoval,
  StoreTag,
  StoreType,
  VectorIndexRecord,
  VectorStore,
} from './VectorStore';

/** Stores and indexes of applications. */
export class VectorStores {
  constructor(
    private readonly options: {
      repository: VectorStoreRepository;
      indexes: VectorIndexes;
      clock: Clock;
      newId: IdGenerator;
      logger: Logger;
    },
  ) {}

  /** @throws InvalidInputError (`store_type_unavailable`) */
  async create(
    clientId: string,
    store: {
      name: string;
      /** Default: the environment's. */
      type?: StoreType;
      description?: string;
      tags: StoreTag[];
    },
  ): Promise<VectorStore> {
    const { repository, indexes, clock, newId } = this.options;
    const type = store.type ?? indexes.defaultType;
    indexes.assertAvailable(type);
    const created = {
      ...{ ...store, type, clientId, id: newId(), createdAt: clock.now() },
    };
    await repository.addStore(created);
    return created;
  }

  /** Says what really keeps the vectors of such stores. */
  describe(type: StoreType): string {
    return this.options.indexes.describe(type);
  }

  find(clientId: string, storeId: string): Promise<VectorStore | undefined> {
    return this.options.repository.findStore(clientId, storeId);
  }

  list(clientId: string, page: PageRequest): Promise<Page<VectorStore>> {
    return this.options.repository.listStores(clientId, page);
  }

  /**
   * @throws NotFoundError (`store_not_found`)
   * @throws ConflictError (`index_name_taken`)
   */
  async createIndex(
    clientId: string,
    index: { storeId: string; name: string },
  ): Promise<VectorIndexRecord> {
    const { repository, indexes, clock, newId } = this.options;
    const store = await this.getStore(clientId, index.storeId);
    const created: VectorIndexRecord = {
      ...index,
      clientId,
      id: newId(),
      storeType: store.type,
      createdAt: clock.now(),
    };
    const vectors = indexes.of(store.type);
    // Contents first: a record always has an index behind it.
    await vectors.create(created.id);
    const outcome = await repository.addIndex(created);
    if (outcome === 'added') return created;

    await vectors.drop(created.id);
    if (outcome === 'store_missing') throw noStore();
    throw new ConflictError(
      `The store has an index named "${index.name}" already. Use that one, or choose another name.`,
      { code: 'index_name_taken' },
    );
  }

  findIndex(
    clientId: string,
    indexId: string,
  ): Promise<VectorIndexRecord | undefined> {
    return this.options.repository.findIndex(clientId, indexId);
  }

  /** @throws NotFoundError (`index_not_found`) */
  async getIndex(
    clientId: string,
    indexId: string,
  ): Promise<VectorIndexRecord> {
    const found = await this.findIndex(clientId, indexId);
    if (!found) throw noIndex();
    return found;
  }

  /** @throws NotFoundError (`store_not_found`) */
  async listIndexes(
    clientId: string,
    page: PageRequest & { storeId: string },
  ): Promise<Page<VectorIndexRecord>> {
    await this.getStore(clientId, page.storeId);
    return this.options.repository.listIndexes(clientId, page);
  }

  /** @throws NotFoundError (`index_not_found`) */
  async removeDocuments(
    clientId: string,
    which: { indexId: string; fileName: string; chunkingJobId?: string },
  ): Promise<number> {
    const { indexId, ...documents } = which;
    const { storeType } = await this.getIndex(clientId, indexId);
    const vectors = this.options.indexes.of(storeType);
    return vectors.removeDocuments(indexId, documents);
  }

  /**
   * Resolves once nothing finds the store any more. Vectors that cannot be removed then are
   * left to {@link resume}.
   *
   * @throws NotFoundError (`store_not_found`)
   */
  async remove(clientId: string, storeId: string): Promise<void> {
    const { repository } = this.options;
    const removals = await repository.removeStore(clientId, storeId);
    if (!removals) throw noStore();
    await this.dropAll(removals);
  }

  /**
   * Removes an index likewise.
   *
   * @throws NotFoundError (`index_not_found`)
   */
  async removeIndex(clientId: string, indexId: string): Promise<void> {
    const { repository } = this.options;
    const removal = await repository.removeIndex(clientId, indexId);
    if (!removal) throw noIndex();
    await this.dropAll([removal]);
  }

  /**
   * Ends removals that a crash interrupted or that failed; what fails again stays pending.
   *
   * @throws only when they cannot be listed
   */
  async resume({ signal }: { signal?: AbortSignal } = {}): Promise<void> {
    const removals = await this.options.repository.listPendingRemovals();
    await this.dropAll(removals, signal);
  }

  private dropAll(
    removals: PendingRemoval[],
    signal?: AbortSignal,
  ): Promise<void> {
    const { repository, indexes, logger } = this.options;
    // What is out of reach stays pending until it is configured again.
    const within = removals.filter(({ storeType }) => indexes.has(storeType));
    return attemptEach(within, {
      async work({ indexId, storeType }) {
        await indexes.of(storeType).drop(indexId);
        await repository.removed(indexId);
      },
      idOf: ({ indexId }) => indexId,
      left: 'Vectors of indexes that were deleted could not be removed yet',
      ...{ logger, signal },
    });
  }

  private async getStore(
    clientId: string,
    storeId: string,
  ): Promise<VectorStore> {
    const found = await this.find(clientId, storeId);
    if (!found) throw noStore();
    return found;
  }
}

function noStore(): NotFoundError {
  return new NotFoundError(
    'There is no such vector store. List the stores, or create one.',
    { code: 'store_not_found' },
  );
}

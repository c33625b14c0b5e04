import type { Page } from '@genai-environments/service-kit';
import type { VectorizeJobRepository } from '../ports/VectorizeJobRepository';
import type { VectorStoreRepository } from '../ports/VectorStoreRepository';
import type { JobSums, TimeRange } from './JobSums';
import type { StoreType } from './VectorStore';

export type StoreSummary = {
  storeId: string;
  clientId: string;
  name: string;
  type: StoreType;
  /** Milliseconds since the epoch. */
  createdAt: number;
};

export type IndexSummary = {
  indexId: string;
  storeId: string;
  name: string;
  createdAt: number;
};

/** What administration shows of this service, for every application. */
export type VectorizationMetrics = {
  vectorizationJobs: {
    /** Jobs made in the range, by status. */
    sumByStatus(clientId: string, range: TimeRange): Promise<JobSums[]>;
  };
  vectors: {
    /** Stores made in the range, oldest first. */
    listStores(
      clientId: string,
      options: TimeRange & { limit: number; cursor?: string },
    ): Promise<Page<StoreSummary>>;
    /** Oldest first; `undefined` when there is no such store. */
    listIndexes(
      storeId: string,
      options: { limit: number; cursor?: string },
    ): Promise<Page<IndexSummary> | undefined>;
  };
};

export function createMetrics(options: {
  stores: VectorStoreRepository;
  jobs: VectorizeJobRepository;
}): VectorizationMetrics {
  const { stores, jobs } = options;
  return {
    vectorizationJobs: {
      sumByStatus: (clientId, range) => jobs.sumByStatus(clientId, range),
    },
    vectors: {
      async listStores(clientId, page) {
        const { items, ...more } = await stores.listStores(clientId, page);
        return {
          ...more,
          items: items.map(({ id, name, type, createdAt }) => ({
            ...{ storeId: id, clientId, name, type, createdAt },
          })),
        };
      },
      async listIndexes(storeId, page) {
        const clientId = await stores.findOwner(storeId);
        if (clientId === undefined) return undefined;
        const { items, ...more } = await stores.listIndexes(clientId, {
          ...page,
          storeId,
        });
        return {
          ...more,
          items: items.map(({ id, name, createdAt }) => ({
            ...{ indexId: id, storeId, name, createdAt },
          })),
        };
      },
    },
  };
}

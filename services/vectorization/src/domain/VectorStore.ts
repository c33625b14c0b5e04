/** What a store was asked to be; what it is decides the environment. */
export const STORE_TYPES = [
  'opensearchserverless',
  's3vectors',
  'local',
] as const;

export type StoreType = (typeof STORE_TYPES)[number];

export type StoreTag = { key: string; value: string };

/** A named group of indexes of one application. */
export type VectorStore = {
  id: string;
  clientId: string;
  name: string;
  type: StoreType;
  description?: string;
  tags: StoreTag[];
  /** Milliseconds since the epoch. */
  createdAt: number;
};

/** Chunks that can be searched together. */
export type VectorIndexRecord = {
  id: string;
  clientId: string;
  storeId: string;
  storeType: StoreType;
  name: string;
  /** Fixed by the first embeddings that were added. */
  embedding?: IndexEmbedding;
  createdAt: number;
};

/** An index whose record is gone and whose contents may be there still. */
export type PendingRemoval = { indexId: string; storeType: StoreType };

export type IndexEmbedding = { model: string; dimension: number };

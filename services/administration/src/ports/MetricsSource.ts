/** Days `YYYY-MM-DD` (UTC), both inclusive. */
export type DayRange = { from: string; to: string };

/** From `from` up to, not including, `to`; milliseconds since 1970. */
export type TimeRange = { from: number; to: number };

/** Sums over the calls of a model. */
export type UsageSums = {
  model: string;
  /** All calls, failed, cancelled and cached ones included. */
  invocations: number;
  failedInvocations: number;
  cancelledInvocations: number;
  cachedInvocations: number;
  inputTokens: number;
  outputTokens: number;
  /** Millionths of a US dollar. */
  costMicroUsd: number;
  durationMs: number;
};

/** Port: what was used, from counters; reads no calls. */
export interface UsageMetrics {
  /** The sums of one application in the range, by model ascending. */
  sumByModel(clientId: string, range: DayRange): Promise<UsageSums[]>;

  /** The same day by day, by day and model ascending. */
  query(
    range: DayRange & { clientId: string },
  ): Promise<Array<UsageSums & { day: string }>>;
}

/** The jobs of an application that have one status, and their files. */
export type JobSums = {
  status: string;
  jobs: number;
  totalFiles: number;
  completedFiles: number;
  failedFiles: number;
};

/** Port: jobs of one kind. */
export interface JobMetrics {
  /** Jobs made in the range, by status; through an index on application and time. */
  sumByStatus(clientId: string, range: TimeRange): Promise<JobSums[]>;
}

export type VectorStoreSummary = {
  storeId: string;
  clientId: string;
  name: string;
  type: string;
  /** Milliseconds since 1970. */
  createdAt: number;
};

export type VectorIndexSummary = {
  indexId: string;
  storeId: string;
  name: string;
  createdAt: number;
};

export type MetricsPage<T> = { items: T[]; nextCursor?: string };

/** Port: vector stores and their indexes. Cursors are opaque; every page reads its own rows. */
export interface VectorMetrics {
  /** Stores of an application made in the range, oldest first. */
  listStores(
    clientId: string,
    options: TimeRange & { limit: number; cursor?: string },
  ): Promise<MetricsPage<VectorStoreSummary>>;

  /** Indexes of a store, oldest first; `undefined` when there is no such store. */
  listIndexes(
    storeId: string,
    options: { limit: number; cursor?: string },
  ): Promise<MetricsPage<VectorIndexSummary> | undefined>;
}

/** One call of a model, without what was asked or answered. */
export type LoggedCall = {
  model: string;
  status: 'succeeded' | 'failed' | 'cancelled';
  inputTokens: number;
  outputTokens: number;
  costMicroUsd: number;
  durationMs: number;
  cached: boolean;
  /** When the call ended, milliseconds since 1970. */
  at: number;
};

/** Port: the calls of the last days. */
export interface InvocationLogReader {
  /**
   * Newest first; reads no more rows than it answers.
   *
   * @throws InvalidInputError for a cursor that was not one of its answers
   */
  page(
    clientId: string,
    options: { limit: number; cursor?: string },
  ): Promise<MetricsPage<LoggedCall>>;
}

/** What administration shows. A service that the environment does not run has no source. */
export type MetricsSources = {
  usage?: UsageMetrics;
  log?: InvocationLogReader;
  extractionJobs?: JobMetrics;
  chunkingJobs?: JobMetrics;
  vectorizationJobs?: JobMetrics;
  vectors?: VectorMetrics;
};

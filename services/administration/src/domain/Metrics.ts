import { NotFoundError } from '@genai-environments/service-kit';
import type {
  DayRange,
  JobSums,
  MetricsPage,
  MetricsSources,
  TimeRange,
  UsageSums,
  VectorIndexSummary,
  VectorStoreSummary,
} from '../ports/MetricsSource';

export type JobKind = keyof typeof JOBS;

type PageRequest = { limit: number; cursor?: string };

const JOBS = {
  extraction: 'extractionJobs',
  chunking: 'chunkingJobs',
  vectorization: 'vectorizationJobs',
} as const;

/** Asks the services what was done; one that the environment does not run did nothing. */
export class Metrics {
  constructor(private readonly sources: MetricsSources) {}

  async usageByModel(clientId: string, range: DayRange): Promise<UsageSums[]> {
    return (await this.sources.usage?.sumByModel(clientId, range)) ?? [];
  }

  async usageByDay(clientId: string, range: DayRange) {
    return (await this.sources.usage?.query({ ...range, clientId })) ?? [];
  }

  async jobsByStatus(
    kind: JobKind,
    clientId: string,
    range: TimeRange,
  ): Promise<JobSums[]> {
    return (await this.sources[JOBS[kind]]?.sumByStatus(clientId, range)) ?? [];
  }

  async stores(
    clientId: string,
    options: TimeRange & PageRequest,
  ): Promise<MetricsPage<VectorStoreSummary>> {
    const page = await this.sources.vectors?.listStores(clientId, options);
    return page ?? { items: [] };
  }

  /** @throws NotFoundError (`vector_store_not_found`) */
  async indexes(
    storeId: string,
    options: PageRequest,
  ): Promise<MetricsPage<VectorIndexSummary>> {
    const page = await this.sources.vectors?.listIndexes(storeId, options);
    if (page) return page;
    throw new NotFoundError(
      `There is no vector store ${JSON.stringify(storeId.slice(0, 100))}.`,
      { code: 'vector_store_not_found' },
    );
  }

  /** @throws InvalidInputError for a cursor that was not one of its answers */
  async calls(clientId: string, options: PageRequest) {
    const page = await this.sources.log?.page(clientId, options);
    return page ?? { items: [] };
  }
}

import type { ServiceHealth } from '@genai-environments/service-kit';
import type { VectorizeJobRepository } from './VectorizeJobRepository';
import type { VectorStoreRepository } from './VectorStoreRepository';

/** The records of the service, which are kept together: removing an index removes its jobs. */
export type VectorizationRepositories = {
  stores: VectorStoreRepository;
  jobs: VectorizeJobRepository;
  health(): Promise<ServiceHealth>;
};

import type { IdGenerator } from '@genai-environments/service-kit';
import type { Answers } from '../domain/answers/Answers';
import type { Search } from '../domain/Search';
import type { VectorizeJobs } from '../domain/VectorizeJobs';
import type { VectorStores } from '../domain/VectorStores';

/** What the routes work with. */
export type RouteDependencies = {
  stores: VectorStores;
  jobs: VectorizeJobs;
  search: Search;
  /** Absent when the environment has no model that answers with text. */
  answers?: Answers;
  newId: IdGenerator;
};

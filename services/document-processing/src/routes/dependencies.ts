import { classicOr } from '@genai-environments/service-kit';
import type { ChunkingJobs } from '../domain/ChunkingJobs';
import type { ExtractionJobs } from '../domain/ExtractionJobs';
import type { Ingests } from '../domain/Ingests';
import type { ObjectStore } from '@genai-environments/service-kit';

/** What the routes work with. */
export type RouteDependencies = {
  extraction: ExtractionJobs;
  chunking: ChunkingJobs;
  ingests: Ingests;
  objects: ObjectStore;
};

/** Jobs are read and written by whoever may write documents. */
export const documentAuth = classicOr('genai/document.write');

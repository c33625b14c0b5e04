import type { ChunkingSettings } from './Job';

/** Files that go all the way from upload to vectors. */
export type Ingest = {
  id: string;
  clientId: string;
  extractionJobId: string;
  /** Chosen at the beginning, so that making the job twice makes one. */
  chunkingJobId: string;
  /** Chosen at the beginning likewise; not told before it is ordered. */
  plannedVectorizeJobId: string;
  /** Once it is ordered. */
  vectorizeJobId?: string;
  /** Absent when it ends after chunking. */
  indexId?: string;
  chunking: ChunkingSettings;
  /** How it ended, other than by its last step: for people. */
  ending?: { failed: boolean; message: string };
  createdAt: number;
  updatedAt: number;
};

export type IngestStep = 'extraction' | 'chunking' | 'vectorization';

export type IngestStatus =
  | 'started'
  | 'completed'
  | 'completed_with_errors'
  | 'failed';

/** Where an ingest and each of its files are. */
export type IngestProgress = {
  ingest: Ingest;
  status: IngestStatus;
  /** The step that runs, or ran last. */
  step: IngestStep;
  files: Array<{
    fileName: string;
    step: IngestStep;
    status: 'pending' | 'completed' | 'failed';
    reason?: string;
  }>;
};

import { QUEUES } from '../parts/data';
import type { Task } from '../tasks';
import type { RecordKind, TaskNeeds } from './taskStatements';

const NOTHING: TaskNeeds = {
  reads: [],
  writes: [],
  objects: false,
  looksAtQueues: false,
  sends: [],
  empties: [],
  vectors: false,
  models: false,
  readsText: false,
  applications: 'none',
};

/**
 * Of tasks that are called: they look applications up, learn of new ones by their first token,
 * and tell each other how they are.
 */
const CALLED = {
  ...NOTHING,
  applications: 'learns',
} satisfies TaskNeeds;
const LEARNED: RecordKind[] = ['applications', 'tasks'];

/** Of tasks by their name in the tiers that have one for each service. */
const NEEDS: Record<string, TaskNeeds> = {
  'model-invocation': {
    ...CALLED,
    reads: ['prompts'],
    writes: [...LEARNED, 'models'],
    // Requests and answers of asynchronous calls that do not fit into a record.
    objects: true,
    models: true,
  },
  'document-processing': {
    ...CALLED,
    // Files go on to be vectorized, which is a job of the other service.
    reads: ['models'],
    writes: [...LEARNED, 'documents', 'vectors'],
    objects: true,
    sends: ['Extraction', 'Chunking', 'Ingest', 'Vectorization'],
    vectors: true,
    readsText: true,
  },
  vectorization: {
    ...CALLED,
    // Chunks are read of jobs of documents; questions are embedded and answered by models.
    reads: ['documents', 'prompts'],
    writes: [...LEARNED, 'vectors', 'models'],
    objects: true,
    sends: ['Vectorization'],
    vectors: true,
    models: true,
  },
  'prompt-management': {
    ...CALLED,
    reads: ['models'],
    writes: [...LEARNED, 'prompts'],
  },
  administration: {
    ...CALLED,
    // Metrics of all services; limits are set here.
    reads: ['documents', 'vectors', 'prompts'],
    writes: [...LEARNED, 'models'],
    objects: true,
    looksAtQueues: true,
    vectors: true,
    applications: 'administers',
  },
  'worker-documents': {
    ...NOTHING,
    reads: ['applications', 'models'],
    writes: ['documents', 'vectors'],
    objects: true,
    sends: ['Vectorization'],
    empties: ['Extraction', 'Chunking', 'Ingest'],
    vectors: true,
    readsText: true,
  },
  'worker-vectorization': {
    ...NOTHING,
    reads: ['applications', 'documents', 'prompts'],
    writes: ['vectors', 'models'],
    objects: true,
    sends: ['Vectorization'],
    empties: ['Vectorization'],
    vectors: true,
    models: true,
  },
  runtime: {
    reads: [],
    writes: [...LEARNED, 'documents', 'models', 'prompts', 'vectors'],
    objects: true,
    looksAtQueues: true,
    sends: [...QUEUES],
    empties: [...QUEUES],
    vectors: true,
    models: true,
    readsText: true,
    applications: 'administers',
  },
};

/** What the role of a task may work on; the app works on nothing by its role. */
export function needsOf(task: Task): TaskNeeds | undefined {
  return NEEDS[task.name];
}

import type { BlueprintTier } from '../manifest/manifest';
import type { RoutedService } from './api/routes';

/** Services of the runtime, by its own names. */
export type HostedService = Exclude<RoutedService, 'app'>;
export type WorkerName = 'extraction' | 'chunking' | 'ingest' | 'vectorization';

/** A kind of task, and what it runs. */
export type Task = {
  /** Of its log group and, where the cluster is the environment's own, its ECS service. */
  name: string;
  kind: 'web' | 'worker' | 'app';
  hosts: HostedService[];
  workers: WorkerName[];
  /** 1024 are a processor. */
  cpu: number;
  memoryMiB: number;
  /** Spare capacity at a lower price, taken back at two minutes' notice. */
  isSpot: boolean;
  /** Whether the task with nothing to do runs at all. */
  scalesToZero: boolean;
};

export const ALL_SERVICES: HostedService[] = [
  'model-invocation',
  'document-processing',
  'vectorization',
  'prompt-management',
  'administration',
];
export const ALL_WORKERS: WorkerName[] = [
  'extraction',
  'chunking',
  'ingest',
  'vectorization',
];

const SMALL = { cpu: 256, memoryMiB: 512 };
const MEDIUM = { cpu: 512, memoryMiB: 1024 };
const LARGE = { cpu: 1024, memoryMiB: 2048 };

/** Of a tier with tasks for each service. */
const APART: Task[] = [
  ...ALL_SERVICES.map(
    (name): Task => ({
      name,
      kind: 'web',
      hosts: [name],
      workers: [],
      ...SMALL,
      // Calls of models do not pass through these: models read prompts themselves.
      isSpot: name === 'administration' || name === 'prompt-management',
      scalesToZero: false,
    }),
  ),
  {
    name: 'app',
    kind: 'app',
    hosts: [],
    workers: [],
    ...SMALL,
    isSpot: false,
    scalesToZero: false,
  },
  // Two and not four: the first file after a pause waits for a start once, not at each station.
  {
    name: 'worker-documents',
    kind: 'worker',
    hosts: [],
    workers: ['extraction', 'chunking', 'ingest'],
    ...LARGE,
    isSpot: true,
    scalesToZero: true,
  },
  {
    name: 'worker-vectorization',
    kind: 'worker',
    hosts: [],
    workers: ['vectorization'],
    ...MEDIUM,
    isSpot: true,
    scalesToZero: true,
  },
];

/** What runs in each tier. */
export const TASKS: Record<BlueprintTier, Task[]> = {
  sandbox: [
    {
      name: 'runtime',
      kind: 'web',
      hosts: ALL_SERVICES,
      workers: ALL_WORKERS,
      ...MEDIUM,
      isSpot: true,
      scalesToZero: false,
    },
    {
      name: 'app',
      kind: 'app',
      hosts: [],
      workers: [],
      ...SMALL,
      isSpot: true,
      scalesToZero: false,
    },
  ],
  standard: APART,
  isolated: APART,
};

/** The task that has the requests a worker's work comes from; others are their own. */
export function frontOf(task: Task, tier: BlueprintTier): Task {
  if (task.kind !== 'worker') return task;
  const service = task.workers.includes('vectorization')
    ? 'vectorization'
    : 'document-processing';
  return TASKS[tier].find(({ hosts }) => hosts.includes(service))!;
}

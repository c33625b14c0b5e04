/** Services that this runtime can host, in the order in which they are listed. */
export const HOSTED_SERVICES = [
  'model-invocation',
  'document-processing',
  'vectorization',
  'prompt-management',
  'administration',
] as const;
export type HostedService = (typeof HOSTED_SERVICES)[number];

/** Workers that this runtime can run, each with the service whose queue it empties. */
export const WORKER_SERVICES = {
  extraction: 'document-processing',
  chunking: 'document-processing',
  ingest: 'document-processing',
  vectorization: 'vectorization',
} as const satisfies Record<string, HostedService>;
export type HostedWorker = keyof typeof WORKER_SERVICES;

export const HOSTED_WORKERS = Object.keys(WORKER_SERVICES) as HostedWorker[];

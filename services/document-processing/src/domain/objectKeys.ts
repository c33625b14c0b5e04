import type { JobKind } from './Job';

/** Everything of a job; ids only, never a name that somebody chose. */
export function jobPrefix(kind: JobKind, jobId: string): string {
  return `document-processing/${kind}/${jobId}/`;
}

export function uploadKey(file: { jobId: string; id: string }): string {
  return `${jobPrefix('extraction', file.jobId)}uploads/${file.id}`;
}

export function pagesKey(file: { jobId: string; id: string }): string {
  return `${jobPrefix('extraction', file.jobId)}pages/${file.id}.json`;
}

export function tablesKey(file: { jobId: string; id: string }): string {
  return `${jobPrefix('extraction', file.jobId)}tables/${file.id}.json`;
}

export function chunksKey(file: { jobId: string; id: string }): string {
  return `${jobPrefix('chunking', file.jobId)}chunks/${file.id}.json`;
}

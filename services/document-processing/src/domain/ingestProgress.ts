import type { VectorizedJob } from '../ports/Vectorizer';
import type {
  Ingest,
  IngestProgress,
  IngestStatus,
  IngestStep,
} from './Ingest';
import { isFinished, Job, JobFile } from './Job';

type JobWithFiles = { job: Job; files: JobFile[] };

type Steps = {
  extraction: JobWithFiles;
  /** Absent until it is made. */
  chunking?: JobWithFiles;
  /** Absent until it is ordered. */
  vectorization?: VectorizedJob | 'gone';
};

type FileProgress = IngestProgress['files'][number];

/** Where an ingest is, from where the jobs of its steps are. */
export function progressOf(ingest: Ingest, steps: Steps): IngestProgress {
  const { extraction, chunking, vectorization } = steps;
  const files = new Map<string, FileProgress>();
  for (const { fileName, status, reason } of extraction.files) {
    files.set(fileName, {
      fileName,
      step: 'extraction',
      status: outcomeOf(status),
      reason,
    });
  }
  for (const { fileName, status, reason } of chunking?.files ?? []) {
    files.set(fileName, {
      fileName,
      step: 'chunking',
      status: outcomeOf(status),
      reason,
    });
  }
  if (vectorization && vectorization !== 'gone') {
    for (const file of vectorization.files) {
      files.set(file.fileName, { ...file, step: 'vectorization' });
    }
  }
  const isEnded = hasEnded(ingest, steps);
  return {
    ingest,
    step: lastStep(steps),
    status: isEnded ? endOf(ingest, [...files.values()]) : 'started',
    files: [...files.values()].map(file =>
      isEnded ? file : awaitNextStep(file),
    ),
  };
}

function lastStep({ chunking, vectorization }: Steps): IngestStep {
  if (vectorization) return 'vectorization';
  return chunking ? 'chunking' : 'extraction';
}

function hasEnded(ingest: Ingest, steps: Steps): boolean {
  const { extraction, chunking, vectorization } = steps;
  if (ingest.ending) return true;
  if (vectorization) {
    return vectorization === 'gone' || vectorization.status !== 'pending';
  }
  const last = chunking ?? extraction;
  // With nothing to hand on there is no next step.
  return isFinished(last.job) && last.job.completedFiles === 0;
}

function endOf(ingest: Ingest, files: FileProgress[]): IngestStatus {
  const failed = files.filter(({ status }) => status === 'failed').length;
  if (ingest.ending?.failed || failed === files.length) return 'failed';
  return failed > 0 ? 'completed_with_errors' : 'completed';
}

/** A file is done only with its last step. */
function awaitNextStep(file: FileProgress): FileProgress {
  return file.status === 'completed' ? { ...file, status: 'pending' } : file;
}

function outcomeOf(status: JobFile['status']): FileProgress['status'] {
  return status === 'completed' || status === 'failed' ? status : 'pending';
}

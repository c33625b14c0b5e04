import {
  type Clock,
  DependencyError,
  DomainError,
  type ObjectStore,
} from '@genai-environments/service-kit';
import type { DocumentJobRepository } from '../ports/DocumentJobRepository';
import { FileRejectedError } from './FileRejectedError';
import {
  FileMessage,
  FileOutcome,
  isFinished,
  Job,
  JobFile,
  JobKind,
} from './Job';
import { jobPrefix } from './objectKeys';

export type FileWorkOptions = {
  kind: JobKind;
  repository: DocumentJobRepository;
  objects: ObjectStore;
  clock: Clock;
  /** Does the work and stores the artefacts; may be repeated. */
  process(work: {
    job: Job;
    file: JobFile;
    signal: AbortSignal;
  }): Promise<FileOutcome>;
  /** Told of a job that has ended, at least once, before the order is done. */
  onEnded(job: Job): Promise<void>;
};

/** A file that fails so often is given up. */
const MAX_FAILURES = 5;

/** What consumers of a queue of {@link FileMessage} do: work on a file, record how it went. */
export class FileWork {
  constructor(private readonly options: FileWorkOptions) {}

  async handle(
    message: FileMessage,
    { signal }: { signal: AbortSignal },
  ): Promise<void> {
    const { repository, kind } = this.options;
    const { clientId, jobId, fileId } = message;
    const job = await repository.findJob(clientId, { kind, id: jobId });
    if (!job) return;
    const file = await repository.findFile(jobId, { fileId });
    if (file?.status === 'queued') {
      const outcome = await this.attempt({ job, file, signal });
      await this.settle(message, outcome);
    }
    await this.tellIfEnded(message);
  }

  /** The order was given up: its file is lost, with the reason. */
  async giveUp(message: FileMessage, reason: string): Promise<void> {
    await this.settle(message, { status: 'failed', reason });
    await this.tellIfEnded(message);
  }

  /**
   * Failures are counted apart from deliveries: those of a process that dies, or is
   * stopped, say nothing about the file.
   */
  private async attempt(work: {
    job: Job;
    file: JobFile;
    signal: AbortSignal;
  }): Promise<FileOutcome> {
    const { repository, process } = this.options;
    const { job, file, signal } = work;
    try {
      return await outcomeOf(process(work));
    } catch (error) {
      if (signal.aborted || isFinal(error)) throw error;
      const key = { jobId: job.id, fileId: file.id };
      const failures = await repository.countFailure(key);
      throw failures < MAX_FAILURES ? error : toFinal(error);
    }
  }

  private async settle(
    { jobId, fileId }: FileMessage,
    outcome: FileOutcome,
  ): Promise<void> {
    const { repository, objects, kind, clock } = this.options;
    const settled = await repository.settleFile({ jobId, fileId }, outcome, {
      now: clock.now(),
    });
    // Deleted meanwhile: nobody else knows of the artefacts that were just written.
    if (settled === 'gone') await objects.deleteAll(jobPrefix(kind, jobId));
  }

  /** Also on redelivery: a crash may have come between the last outcome and the telling. */
  private async tellIfEnded({ clientId, jobId }: FileMessage): Promise<void> {
    const { repository, kind, onEnded } = this.options;
    const job = await repository.findJob(clientId, { kind, id: jobId });
    if (job && isFinished(job)) await onEnded(job);
  }
}

function isFinal(error: unknown): boolean {
  return (error as { retryable?: boolean }).retryable === false;
}

/** The same, not to be tried again; only messages of domain errors are for callers. */
function toFinal(cause: unknown): Error {
  if (cause instanceof DomainError) {
    return new DependencyError(cause.message, {
      kind: 'failed',
      retryable: false,
      code: cause.code,
      cause,
    });
  }
  const error = new Error('It failed too often', { cause });
  return Object.assign(error, { retryable: false });
}

async function outcomeOf(work: Promise<FileOutcome>): Promise<FileOutcome> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof FileRejectedError)) throw error;
    return { status: 'failed', reason: error.message };
  }
}

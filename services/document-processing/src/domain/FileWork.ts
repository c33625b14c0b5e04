import {
  type Clock,
  countAttempt,
  type Delivery,
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

/** What consumers of a queue of {@link FileMessage} do: work on a file, record how it went. */
export class FileWork {
  constructor(private readonly options: FileWorkOptions) {}

  async handle(
    message: FileMessage,
    { signal, deliveries }: Delivery,
  ): Promise<void> {
    const { repository, kind, process } = this.options;
    const { clientId, jobId, fileId } = message;
    const job = await repository.findJob(clientId, { kind, id: jobId });
    if (!job) return;
    const file = await repository.findFile(jobId, { fileId });
    if (file?.status === 'queued') {
      const outcome = await countAttempt(
        () => outcomeOf(process({ job, file, signal })),
        {
          ...{ signal, deliveries },
          countFailure: () => repository.countFailure({ jobId, fileId }),
        },
      );
      await this.settle(message, outcome);
    }
    await this.tellIfEnded(message);
  }

  /** The order was given up: its file is lost, with the reason. */
  async giveUp(message: FileMessage, reason: string): Promise<void> {
    await this.settle(message, { status: 'failed', reason });
    await this.tellIfEnded(message);
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

async function outcomeOf(work: Promise<FileOutcome>): Promise<FileOutcome> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof FileRejectedError)) throw error;
    return { status: 'failed', reason: error.message };
  }
}

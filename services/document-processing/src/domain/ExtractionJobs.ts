import {
  ConflictError,
  InvalidInputError,
} from '@genai-environments/service-kit';
import { formatOf, MAX_FILE_BYTES, quoteName } from './Format';
import { inParallel } from './inParallel';
import { isFinished, Job, JobFile } from './Job';
import { JobStore, JobStoreOptions, LINK_SECONDS } from './JobStore';
import { pagesKey, tablesKey, uploadKey } from './objectKeys';
import { neverUploaded } from './processFile';

/** Most files of a job. */
export const MAX_FILES = 10_000;

const UPLOAD_CONTENT_TYPE = 'application/octet-stream';

/** Objects that are looked for at the same time. */
const HEADS_AT_ONCE = 16;

/** Jobs that read the text of uploaded files. */
export class ExtractionJobs extends JobStore {
  constructor(options: JobStoreOptions) {
    super('extraction', options);
  }

  /** Begins a job that files can be registered with. */
  async create(
    clientId: string,
    more: { id?: string; ingestId?: string } = {},
  ): Promise<Job> {
    const { repository, clock, newId } = this.options;
    const { id = newId(), ingestId } = more;
    await repository.createJob(
      {
        id,
        clientId,
        kind: 'extraction',
        status: 'created',
        ingestId,
        createdAt: clock.now(),
      },
      [],
    );
    return this.get(clientId, id);
  }

  /**
   * Adds a file that is still to be uploaded.
   *
   * @throws InvalidInputError when its type cannot be extracted
   * @throws ConflictError when there is a file of that name, or the job takes none any more
   */
  async register(
    clientId: string,
    jobId: string,
    fileName: string,
  ): Promise<JobFile> {
    const { repository, clock, newId } = this.options;
    const format = formatOf(fileName);
    const job = await this.get(clientId, jobId);
    const id = newId();
    const added = await repository.addFile(
      { clientId, jobId },
      { id, fileName, format },
      { maxFiles: MAX_FILES, now: clock.now() },
    );
    if (added === 'duplicate') throw duplicateName(fileName);
    if (added === 'closed') throw closed(job);
    return this.getFile(clientId, jobId, fileName);
  }

  /** An address to `PUT` a registered file to. */
  signUpload(file: JobFile): Promise<string> {
    return this.options.objects.signUpload(uploadKey(file), {
      contentType: UPLOAD_CONTENT_TYPE,
      maxSizeBytes: MAX_FILE_BYTES,
      expiresAfterSeconds: LINK_SECONDS,
    });
  }

  /** The artefact of the file's text, when it has been extracted. */
  async signText(file: JobFile): Promise<string | undefined> {
    if (file.status !== 'completed') return undefined;
    return this.options.objects.signDownload(pagesKey(file), {
      fileName: `${file.fileName}.text.json`,
      expiresAfterSeconds: LINK_SECONDS,
    });
  }

  /** The artefact of the file's tables, when there are any. */
  async signTables(file: JobFile): Promise<string | undefined> {
    if (!file.tableCount) return undefined;
    return this.options.objects.signDownload(tablesKey(file), {
      fileName: `${file.fileName}.tables.json`,
      expiresAfterSeconds: LINK_SECONDS,
    });
  }

  /**
   * Orders the extraction of every file that was uploaded; the others fail alone. Asking
   * again while it runs changes nothing. Once the start is recorded, orders that cannot be
   * sent are sent later.
   *
   * @throws InvalidInputError when nothing was registered or nothing uploaded
   * @throws ConflictError when the job has ended
   */
  async start(clientId: string, jobId: string): Promise<Job> {
    const { repository, dispatcher, clock } = this.options;
    const job = await this.get(clientId, jobId);
    if (isFinished(job)) throw ended(job);
    if (job.status === 'created') {
      const failed = await this.findMissing(jobId);
      await repository.startJob(
        { clientId, jobId },
        { failed, now: clock.now() },
      );
    }
    if (!job.dispatched) await dispatcher.dispatch(job);
    return this.get(clientId, jobId);
  }

  private async findMissing(jobId: string) {
    const { repository, objects } = this.options;
    const { items: files } = await repository.listFiles(jobId, {});
    if (files.length === 0) {
      throw new InvalidInputError(
        'No file was registered with this job. Register and upload at least one first.',
        { code: 'no_files' },
      );
    }
    const uploads = await inParallel(files, HEADS_AT_ONCE, file =>
      objects.head(uploadKey(file)),
    );
    const missing = files.filter((_file, index) => !uploads[index]);
    if (missing.length === files.length) {
      throw new InvalidInputError(
        'None of the registered files was uploaded. PUT each one to its upload_url first.',
        { code: 'nothing_uploaded' },
      );
    }
    const reason = neverUploaded().message;
    return missing.map(({ id: fileId }) => ({ fileId, reason }));
  }
}

function duplicateName(fileName: string): ConflictError {
  return new ConflictError(
    `The job has a file ${quoteName(
      fileName,
    )} already. Use another name, or upload to the address that was answered then.`,
    { code: 'duplicate_file_name' },
  );
}

function closed(job: Job): ConflictError {
  return job.totalFiles >= MAX_FILES
    ? new ConflictError(
        `A job takes at most ${MAX_FILES} files. Create another job for the rest.`,
        { code: 'too_many_files' },
      )
    : new ConflictError(
        'The job was started and takes no more files. Create another job.',
        { code: 'job_started' },
      );
}

function ended(job: Job): ConflictError {
  return new ConflictError(
    `The job has ended (${job.status}). Create another job to extract more files.`,
    { code: 'job_ended' },
  );
}

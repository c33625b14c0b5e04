import { ConflictError, NotFoundError } from '@genai-environments/service-kit';
import { openChunks } from './artefacts/chunks';
import type { ExtractionJobs } from './ExtractionJobs';
import { quoteName } from './Format';
import { ChunkingSettings, isFinished, Job, JobFile } from './Job';
import { JobStore, JobStoreOptions, LINK_SECONDS } from './JobStore';
import { chunksKey } from './objectKeys';
import type { ChunkSource } from '../ports/ChunkSource';

/** Jobs that cut the text of an extraction job's files. */
export class ChunkingJobs extends JobStore implements ChunkSource {
  private readonly extraction: ExtractionJobs;

  constructor(options: JobStoreOptions & { extraction: ExtractionJobs }) {
    super('chunking', options);
    this.extraction = options.extraction;
  }

  /**
   * Orders the chunking of every file that was extracted. Once the job is recorded, orders
   * that cannot be sent are sent later.
   *
   * @param job.id - makes it safe to repeat
   * @throws NotFoundError when there is no such extraction job
   * @throws ConflictError when it has not ended, or has no text
   */
  async create(
    clientId: string,
    job: {
      id?: string;
      extractionJobId: string;
      settings: ChunkingSettings;
      ingestId?: string;
    },
  ): Promise<Job> {
    const { repository, dispatcher, clock, newId } = this.options;
    const { id = newId(), extractionJobId, settings, ingestId } = job;
    const source = await this.extraction.get(clientId, extractionJobId);
    assertHasText(source);
    const files = await repository.listFiles(extractionJobId, {});
    await repository.createJob(
      {
        id,
        clientId,
        kind: 'chunking',
        status: 'started',
        extractionJobId,
        ingestId,
        chunking: settings,
        createdAt: clock.now(),
      },
      files.items.filter(({ status }) => status === 'completed'),
    );
    const created = await this.get(clientId, id);
    if (!created.dispatched) await dispatcher.dispatch(created);
    return created;
  }

  /**
   * The artefact of the file's chunks.
   *
   * @throws ConflictError when there is none, with the reason
   */
  async signChunks(file: JobFile): Promise<string> {
    assertChunked(file);
    return this.options.objects.signDownload(chunksKey(file), {
      fileName: `${file.fileName}.chunks.json`,
      expiresAfterSeconds: LINK_SECONDS,
    });
  }

  /** `undefined` when there is none, also for another application's. */
  async findJobWithFiles(
    clientId: string,
    id: string,
  ): Promise<{ job: Job; files: JobFile[] } | undefined> {
    const { repository } = this.options;
    const job = await repository.findJob(clientId, { kind: 'chunking', id });
    if (!job) return undefined;
    const { items: files } = await repository.listFiles(id, {});
    return { job, files };
  }

  async findJob(clientId: string, id: string) {
    const found = await this.findJobWithFiles(clientId, id);
    return (
      found && {
        status: progressOf(found.job.status),
        files: found.files.map(({ fileName, status, chunkCount = 0 }) => ({
          fileName,
          status: progressOf(status),
          chunkCount,
        })),
      }
    );
  }

  async *readChunks(
    clientId: string,
    key: { chunkingJobId: string; fileName: string },
  ) {
    const { chunkingJobId, fileName } = key;
    const file = await this.getFile(clientId, chunkingJobId, fileName);
    assertChunked(file);
    const chunks = await openChunks(this.options.objects, file);
    if (!chunks) {
      throw new NotFoundError(
        `The chunks of ${quoteName(fileName)} were deleted.`,
        { code: 'chunks_not_found' },
      );
    }
    yield* chunks;
  }
}

function assertHasText(extraction: Job): void {
  if (!isFinished(extraction)) {
    throw new ConflictError(
      `The extraction job has not ended (${extraction.status}). Wait until its status is COMPLETED or COMPLETED_WITH_ERRORS.`,
      { code: 'extraction_not_ended' },
    );
  }
  if (extraction.completedFiles === 0) {
    throw new ConflictError(
      'No file of the extraction job could be read, so there is no text to cut. See its job_files for the reasons.',
      { code: 'nothing_extracted' },
    );
  }
}

function assertChunked(file: JobFile): void {
  if (file.status === 'completed') return;
  const name = quoteName(file.fileName);
  throw file.status === 'failed'
    ? new ConflictError(`${name} could not be chunked: ${file.reason}`, {
        code: 'file_failed',
      })
    : new ConflictError(
        `${name} is not chunked yet. Wait until its status is COMPLETED.`,
        { code: 'file_not_ready' },
      );
}

/** Before its end a job is pending, whatever it waits for. */
function progressOf<T extends string>(
  status: T,
): Exclude<T, 'created' | 'started' | 'queued'> | 'pending' {
  return status === 'created' || status === 'started' || status === 'queued'
    ? 'pending'
    : (status as Exclude<T, 'created' | 'started' | 'queued'>);
}

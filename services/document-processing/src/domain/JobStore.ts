import {
  Clock,
  IdGenerator,
  NotFoundError,
  ObjectStore,
  type Page,
  type PageRequest,
} from '@genai-environments/service-kit';
import type { DocumentJobRepository } from '../ports/DocumentJobRepository';
import type { Dispatcher } from './Dispatcher';
import { quoteName } from './Format';
import type { Job, JobFile, JobKind } from './Job';
import { jobPrefix } from './objectKeys';

export type JobStoreOptions = {
  repository: DocumentJobRepository;
  objects: ObjectStore;
  dispatcher: Dispatcher;
  clock: Clock;
  newId: IdGenerator;
};

/** How long addresses of artefacts and for uploads are valid. */
export const LINK_SECONDS = 3600;

/** Reading and deleting, which jobs of both kinds have in common. */
export class JobStore {
  constructor(
    private readonly kind: JobKind,
    protected readonly options: JobStoreOptions,
  ) {}

  /** @throws NotFoundError also for another application's job */
  async get(clientId: string, id: string): Promise<Job> {
    const { kind } = this;
    const job = await this.options.repository.findJob(clientId, { kind, id });
    if (job) return job;
    throw new NotFoundError(
      `There is no ${kind} job ${quoteName(
        id,
      )}. It may have been deleted; GET /document/${kind}/list_jobs lists those there are.`,
      { code: `${kind}_job_not_found` },
    );
  }

  /** Newest first. */
  list(clientId: string, page: PageRequest): Promise<Page<Job>> {
    return this.options.repository.listJobs(clientId, this.kind, page);
  }

  /** @throws NotFoundError when there is no such job */
  async listFiles(
    clientId: string,
    id: string,
    page: PageRequest,
  ): Promise<Page<JobFile>> {
    await this.get(clientId, id);
    return this.options.repository.listFiles(id, page);
  }

  /** @throws NotFoundError when there is no such job or file */
  async getFile(
    clientId: string,
    id: string,
    fileName: string,
  ): Promise<JobFile> {
    await this.get(clientId, id);
    const file = await this.options.repository.findFile(id, { fileName });
    if (file) return file;
    throw new NotFoundError(
      `The ${this.kind} job has no file ${quoteName(fileName)}.`,
      { code: 'file_not_found' },
    );
  }

  /**
   * Deletes the job, its files and everything stored for them. Objects that cannot be removed
   * once nothing finds the job any more are removed later.
   *
   * @throws NotFoundError when there is no such job
   */
  async delete(clientId: string, id: string): Promise<void> {
    const { repository, dispatcher } = this.options;
    const { kind } = this;
    await this.get(clientId, id);
    const objectPrefix = jobPrefix(kind, id);
    await repository.deleteJob(clientId, { kind, id }, { objectPrefix });
    await dispatcher.removeObjects(objectPrefix);
  }
}

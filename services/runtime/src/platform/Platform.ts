import type { ApplicationAdmin } from '@genai-environments/administration';
import type { DocumentProcessingOptions } from '@genai-environments/document-processing';
import type { ModelRecords } from '@genai-environments/model-invocation';
import type { PromptRecords } from '@genai-environments/prompt-management';
import type {
  AuthOptions,
  ObjectStore,
  ServiceApp,
} from '@genai-environments/service-kit';
import type { VectorizationOptions } from '@genai-environments/vectorization';
import type { Application, ApplicationRegistry } from '../applications';
import type { HostedService } from '../config';
import type { TaskBoard } from './TaskBoard';

/** Either a directory, or records that are kept elsewhere. */
type Records<T> =
  | { dataDirectory: string; records?: undefined }
  | { records: T; dataDirectory?: undefined };

/** How each service is told where to keep things. */
export type Storage = {
  models: Records<ModelRecords>;
  prompts: Records<PromptRecords>;
  documents: Pick<
    DocumentProcessingOptions,
    'dataDirectory' | 'objects' | 'records' | 'queues' | 'extractor'
  >;
  vectors: Pick<
    VectorizationOptions,
    'dataDirectory' | 'repositories' | 'queue' | 'vectorIndexes'
  >;
};

/** The applications that a provisioner decides about. */
export type PortalApplications = {
  /**
   * Makes the application so. Repeating it changes nothing.
   *
   * @throws ConflictError, InvalidInputError when this platform cannot keep it
   */
  put(application: Application): void | Promise<void>;
  /** Also right when it is already gone. */
  delete(clientId: string): void | Promise<void>;
  list(): Array<{ clientId: string; revision: number }>;
};

/** Where the processes of an environment keep and find everything. */
export type Platform = {
  /** Uploads and artefacts of all services. */
  objects: ObjectStore;
  auth: AuthOptions;
  applications: ApplicationAdmin;
  portalApplications: PortalApplications;
  /** Who issues access tokens, and where. */
  tokens: { issuer: string; tokenUrl: string; userPoolId?: string };
  /** Routes of it beside those of the services; not in worker processes. */
  routes: Array<(app: ServiceApp) => Promise<void>>;
  /** Knows the project's app, where the runtime runs it. */
  registry?: ApplicationRegistry;
  /** Where tasks tell each other how they are; absent where one process hosts all services. */
  board?: TaskBoard;
  /** Whether this process can use a service, hosted here or not. */
  reaches(service: HostedService): boolean;
  /** Opened when it is first asked for. */
  storage: { [Service in keyof Storage]: () => Storage[Service] };
  /** To be called last. Safe to call twice. */
  close(): Promise<void>;
};

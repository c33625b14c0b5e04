import { EventEmitter } from 'node:events';
import type { DatabaseSync } from 'node:sqlite';
import {
  ApplicationDirectory,
  Clock,
  ConflictError,
  DirectoryEntry,
  systemClock,
} from '@genai-environments/service-kit';
import { Application, applicationSpecSchema } from './application';
import { digestSecret, matchesSecret } from './secrets';

/** What became of an application. */
export type ApplicationChange = {
  clientId: string;
  /** Absent when it was deleted. */
  application?: Application;
};

/**
 * The applications of the environment: kept in SQLite so that a restart forgets none,
 * answered from memory because every request asks.
 *
 * Emits `change` after each change that is in force.
 */
export class ApplicationRegistry
  extends EventEmitter<{ change: [ApplicationChange] }>
  implements ApplicationDirectory
{
  /** Of the database it is given. */
  static readonly migrations = [
    `CREATE TABLE applications (
       client_id TEXT PRIMARY KEY,
       spec TEXT NOT NULL
     ) STRICT, WITHOUT ROWID`,
  ];

  private readonly applications = new Map<string, Application>();
  /** Digests of secrets that were made up at this start; never written anywhere. */
  private readonly ownSecrets = new Map<string, string>();
  private readonly database: DatabaseSync;
  private readonly clock: Clock;

  constructor(options: { database: DatabaseSync; clock?: Clock }) {
    super();
    this.database = options.database;
    this.clock = options.clock ?? systemClock;
    const rows = this.database
      .prepare('SELECT client_id, spec FROM applications ORDER BY client_id')
      .all();
    for (const { client_id: clientId, spec } of rows) {
      this.applications.set(String(clientId), {
        ...applicationSpecSchema.parse(JSON.parse(String(spec))),
        clientId: String(clientId),
      });
    }
  }

  find(clientId: string): DirectoryEntry | undefined {
    return this.applications.get(clientId);
  }

  list(): Application[] {
    return [...this.applications.values()];
  }

  /** The application that stands for the project's own app, if there is one. */
  findProjectApp(): Application | undefined {
    return this.list().find(({ kind }) => kind === 'project-app');
  }

  /**
   * Makes the application so. Repeating it changes nothing.
   *
   * @throws ConflictError for a second `project-app`
   */
  put(application: Application): void {
    const { clientId, ...spec } = application;
    const known = this.applications.get(clientId);
    const text = JSON.stringify(spec);
    if (known && text === JSON.stringify({ ...known, clientId: undefined })) {
      return;
    }
    const projectApp = this.findProjectApp();
    if (
      application.kind === 'project-app' &&
      projectApp &&
      projectApp.clientId !== clientId
    ) {
      throw new ConflictError(
        `The environment already has a project-app, ${projectApp.clientId}. Delete it first.`,
        { code: 'project_app_exists' },
      );
    }
    this.database
      .prepare(
        `INSERT INTO applications (client_id, spec) VALUES (?, ?)
         ON CONFLICT (client_id) DO UPDATE SET spec = excluded.spec`,
      )
      .run(clientId, text);
    this.applications.set(clientId, application);
    this.emit('change', { clientId, application });
  }

  /** Also right when it is already gone. */
  delete(clientId: string): void {
    this.database
      .prepare('DELETE FROM applications WHERE client_id = ?')
      .run(clientId);
    this.ownSecrets.delete(clientId);
    if (this.applications.delete(clientId)) this.emit('change', { clientId });
  }

  /** Lets a `project-app` authenticate with `secret` until the process ends. */
  setOwnSecret(clientId: string, secret: string): void {
    this.ownSecrets.set(clientId, digestSecret(secret).toString('hex'));
  }

  /**
   * The application, when it is enabled and `secret` is one of its valid secrets.
   * Takes about the same time for every reason to say no.
   */
  authenticate(clientId: string, secret: string): Application | undefined {
    const application = this.applications.get(clientId);
    const matches = matchesSecret(
      secret,
      this.secretsOf(application),
      this.clock.now(),
    );
    return matches && application?.enabled ? application : undefined;
  }

  private secretsOf(application?: Application): Application['secrets'] {
    if (!application) return [];
    const own = this.ownSecrets.get(application.clientId);
    return application.kind === 'project-app' && own !== undefined
      ? [{ version: 1, sha256: own }]
      : application.secrets;
  }
}

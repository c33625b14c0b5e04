import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type {
  AdminApplication,
  ApplicationAdmin,
  ApplicationPage,
  CreatedApplication,
  NewApplication,
} from '@genai-environments/administration';
import {
  ApplicationDirectory,
  Clock,
  ConflictError,
  DirectoryEntry,
  IdGenerator,
  randomId,
  systemClock,
} from '@genai-environments/service-kit';
import type { Application } from './application';
import type { ApplicationRegistry } from './ApplicationRegistry';
import { digestSecret } from './secrets';

/** What the administration knows of an application beside its record in the registry. */
type Note = {
  description: string;
  createdAt?: number;
  deactivated: boolean;
  /** Made by the administration: the portal must neither see nor remove it. */
  own: boolean;
};

const NOTHING: Note = { description: '', deactivated: false, own: false };

/**
 * Lets the administration make applications and shut others out, apart from what the
 * provisioner decides of them.
 */
export class AdministeredApplications implements ApplicationAdmin {
  /** Of the registry's database, after the registry's own. */
  static readonly migrations = [
    `CREATE TABLE administered_applications (
       client_id TEXT PRIMARY KEY,
       note TEXT NOT NULL
     ) STRICT, WITHOUT ROWID`,
  ];

  private readonly notes = new Map<string, Note>();
  private readonly clock: Clock;
  private readonly newId: IdGenerator;

  constructor(
    private readonly options: {
      database: DatabaseSync;
      registry: ApplicationRegistry;
      clock?: Clock;
      newId?: IdGenerator;
    },
  ) {
    this.clock = options.clock ?? systemClock;
    this.newId = options.newId ?? randomId;
    const rows = options.database
      .prepare('SELECT client_id, note FROM administered_applications')
      .all() as Array<{ client_id: string; note: string }>;
    for (const row of rows) {
      this.notes.set(row.client_id, JSON.parse(row.note));
    }
    options.registry.on('change', ({ clientId, application }) => {
      if (!application) this.forget(clientId);
    });
  }

  /** The registry, without those that are deactivated: who may call. */
  readonly directory: ApplicationDirectory = {
    find: clientId => {
      const entry = this.options.registry.find(clientId);
      return entry && this.notes.get(clientId)?.deactivated
        ? ({ ...entry, enabled: false } satisfies DirectoryEntry)
        : entry;
    },
  };

  /** Whether the portal must leave it alone. */
  isOwn(clientId: string): boolean {
    return this.notes.get(clientId)?.own ?? false;
  }

  async find(clientId: string): Promise<AdminApplication | undefined> {
    const application = this.get(clientId);
    return application && this.describe(application);
  }

  async list(page: {
    limit?: number;
    after?: string;
  }): Promise<ApplicationPage> {
    const { limit = Infinity, after = '' } = page;
    const all = this.options.registry
      .list()
      .filter(({ clientId }) => clientId > after)
      .sort((a, b) => (a.clientId < b.clientId ? -1 : 1));
    const items = all
      .slice(0, limit)
      .map(application => this.describe(application));
    return items.length < all.length
      ? { items, next: items[items.length - 1].clientId }
      : { items };
  }

  async create(application: NewApplication): Promise<CreatedApplication> {
    const { name, description, scopes } = application;
    const clientId = `adm-${this.newId()}`;
    const secret = randomBytes(32).toString('base64url');
    const sha256 = digestSecret(secret).toString('hex');
    // The note comes first: at no moment is it an application that the portal may remove.
    const createdAt = this.clock.now();
    this.write(clientId, {
      ...{ description, createdAt },
      deactivated: false,
      own: true,
    });
    const made: Application = {
      ...{ clientId, name },
      kind: 'external',
      scopes: [...scopes],
      enabled: true,
      revision: 0,
      secrets: [{ version: 1, sha256 }],
    };
    this.options.registry.put(made);
    return { application: this.describe(made), secret };
  }

  async setActive(
    clientId: string,
    active: boolean,
  ): Promise<AdminApplication | undefined> {
    const application = this.get(clientId);
    if (!application) return undefined;
    if (active && !application.enabled) {
      throw new ConflictError(
        `The portal has disabled application ${application.name}. Enable it there.`,
        { code: 'disabled_by_portal' },
      );
    }
    const note = this.notes.get(clientId) ?? NOTHING;
    this.write(clientId, { ...note, deactivated: !active });
    return this.describe(application);
  }

  private get(clientId: string): Application | undefined {
    return this.options.registry.find(clientId) as Application | undefined;
  }

  private describe({ clientId, name, enabled }: Application): AdminApplication {
    const note = this.notes.get(clientId) ?? NOTHING;
    return {
      ...{ clientId, name, description: note.description },
      ...(note.createdAt === undefined ? {} : { createdAt: note.createdAt }),
      active: enabled && !note.deactivated,
      managedBy: note.own ? 'administration' : 'portal',
    };
  }

  private write(clientId: string, note: Note): void {
    this.options.database
      .prepare(
        `INSERT INTO administered_applications (client_id, note) VALUES (?, ?)
         ON CONFLICT (client_id) DO UPDATE SET note = excluded.note`,
      )
      .run(clientId, JSON.stringify(note));
    this.notes.set(clientId, note);
  }

  private forget(clientId: string): void {
    this.options.database
      .prepare('DELETE FROM administered_applications WHERE client_id = ?')
      .run(clientId);
    this.notes.delete(clientId);
  }
}

import { ConflictError } from '@genai-environments/service-kit';
import type {
  AdminApplication,
  ApplicationAdmin,
  CreatedApplication,
  NewApplication,
} from '../ports/ApplicationAdmin';

type Entry = Omit<AdminApplication, 'active'> & {
  enabledByPortal: boolean;
  deactivated: boolean;
};

/** Applications of a test; what the portal decides is set by hand. */
export class InMemoryApplicationAdmin implements ApplicationAdmin {
  readonly entries = new Map<string, Entry>();
  private made = 0;

  /** As the portal does. */
  putPortal(clientId: string, options: { enabled?: boolean } = {}): void {
    this.entries.set(clientId, {
      clientId,
      name: `App ${clientId}`,
      description: '',
      managedBy: 'portal',
      enabledByPortal: options.enabled ?? true,
      deactivated: this.entries.get(clientId)?.deactivated ?? false,
    });
  }

  async list({ limit, after = '' }: { limit?: number; after?: string }) {
    const all = [...this.entries.values()]
      .filter(({ clientId }) => clientId > after)
      .sort((a, b) => (a.clientId < b.clientId ? -1 : 1));
    const items = all.slice(0, limit ?? all.length).map(toApplication);
    return items.length < all.length
      ? { items, next: items[items.length - 1].clientId }
      : { items };
  }

  async find(clientId: string): Promise<AdminApplication | undefined> {
    const entry = this.entries.get(clientId);
    return entry && toApplication(entry);
  }

  async create(application: NewApplication): Promise<CreatedApplication> {
    this.made += 1;
    const clientId = `made-${this.made}`;
    const { name, description } = application;
    const entry: Entry = {
      ...{ clientId, name, description },
      createdAt: Date.parse('2026-01-31T12:00:00Z'),
      managedBy: 'administration',
      enabledByPortal: true,
      deactivated: false,
    };
    this.entries.set(clientId, entry);
    return { application: toApplication(entry), secret: `secret-${clientId}` };
  }

  async setActive(clientId: string, active: boolean) {
    const entry = this.entries.get(clientId);
    if (!entry) return undefined;
    if (active && !entry.enabledByPortal) {
      throw new ConflictError(
        `The portal has disabled application ${clientId}. Enable it there.`,
        { code: 'disabled_by_portal' },
      );
    }
    entry.deactivated = !active;
    return toApplication(entry);
  }
}

function toApplication(entry: Entry): AdminApplication {
  const { enabledByPortal, deactivated, ...application } = entry;
  return { ...application, active: enabledByPortal && !deactivated };
}

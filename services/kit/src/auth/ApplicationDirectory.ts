/** What the directory knows about an application at this moment. */
export type DirectoryEntry = {
  /** Equal to the `client_id` claim of its tokens. */
  clientId: string;
  name?: string;
  enabled: boolean;
  /** Scopes it still holds; a token never grants more. */
  scopes: readonly string[];
};

/**
 * Port: which applications exist, asked on every request, so that disabling, deleting
 * and taking a scope away hold for tokens that were issued before.
 *
 * Implementations answer from memory: at most 30 s behind the truth.
 */
export interface ApplicationDirectory {
  /** `undefined` when there is no such application (any more). */
  find(
    clientId: string,
  ): DirectoryEntry | undefined | Promise<DirectoryEntry | undefined>;
}

/** A directory that is filled by hand; the runtime's control API writes to it. */
export class InMemoryApplicationDirectory implements ApplicationDirectory {
  private readonly entries = new Map<string, DirectoryEntry>();

  constructor(entries: Iterable<DirectoryEntry> = []) {
    for (const entry of entries) this.put(entry);
  }

  find(clientId: string): DirectoryEntry | undefined {
    return this.entries.get(clientId);
  }

  /** Adds or replaces. */
  put(entry: DirectoryEntry): void {
    this.entries.set(entry.clientId, { ...entry, scopes: [...entry.scopes] });
  }

  /** `false` when it was not there. */
  delete(clientId: string): boolean {
    return this.entries.delete(clientId);
  }

  list(): DirectoryEntry[] {
    return [...this.entries.values()];
  }
}

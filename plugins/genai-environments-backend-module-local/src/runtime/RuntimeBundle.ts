import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** The runtime's one file, as the workspace or the published package has it. */
export class RuntimeBundle {
  private cachedHash?: Promise<string>;

  /** @param resolve - absolute path of the bundle; throws when there is none */
  constructor(private readonly resolve: () => string) {}

  /** @throws RuntimeNotBuiltError whose message says what to do */
  entry(): string {
    return this.resolve();
  }

  /**
   * Changes with the content, so that an upgrade restarts environments. Read once: while
   * a backend runs, a rebuild of the bundle does not reach environments that run.
   */
  async hash(): Promise<string> {
    if (!this.cachedHash) {
      const hash = readFile(this.entry()).then(content =>
        createHash('sha256').update(content).digest('hex').slice(0, 16),
      );
      this.cachedHash = hash;
      hash.catch(() => {
        this.cachedHash = undefined;
      });
    }
    return this.cachedHash;
  }
}

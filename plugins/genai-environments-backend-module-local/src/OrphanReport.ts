import type { LoggerService } from '@backstage/backend-plugin-api';
import type { DataDirectory } from './files/DataDirectory';

/** By then the backend has asked about every environment it knows, several times. */
const REPORT_AFTER_MS = 10 * 60_000;

/**
 * Tells about directories of environments that nobody asks about, for instance because
 * the portal's database was thrown away. They are only told about: the provisioner
 * cannot know whether a second portal shares the data directory or a backup is about to
 * be restored, and data that is gone cannot be brought back.
 */
export class OrphanReport {
  private readonly seen = new Set<string>();
  private readonly timer: NodeJS.Timeout;
  private readonly dataDirectory: DataDirectory;
  private readonly logger: LoggerService;

  constructor(options: {
    dataDirectory: DataDirectory;
    logger: LoggerService;
    afterMs?: number;
  }) {
    this.dataDirectory = options.dataDirectory;
    this.logger = options.logger;
    this.timer = setTimeout(() => {
      this.report().catch(error =>
        this.logger.warn('Could not look for unknown environments', {
          error: String(error),
        }),
      );
    }, options.afterMs ?? REPORT_AFTER_MS);
    this.timer.unref();
  }

  /** The backend knows this one. */
  see(path: string): void {
    this.seen.add(path);
  }

  async report(): Promise<void> {
    for (const { path } of await this.dataDirectory.list()) {
      if (this.seen.has(path)) continue;
      this.logger.warn(
        `${path} is the directory of an environment that this portal does not know. If no other portal uses it, remove the directory: its process stops by itself within two seconds.`,
      );
    }
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}

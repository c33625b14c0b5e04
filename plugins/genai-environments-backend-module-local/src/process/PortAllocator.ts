import type { DataDirectory } from '../files/DataDirectory';
import { findFreePort } from './ports';

/** Chooses ports so that no two environments of the data directory get the same. */
export class PortAllocator {
  /** Chosen by this process and perhaps not yet on disk, by uid. */
  private readonly reserved = new Map<string, number>();
  private queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly dataDirectory: DataDirectory) {}

  /**
   * @param options.known the port that callers know already: given again, even when it is
   * not free just now, unless another environment has it
   * @throws NoFreePortError
   */
  allocate(
    uid: string,
    options: { except?: number; known?: number } = {},
  ): Promise<number> {
    const { known } = options;
    const allocation = this.queue.then(async () => {
      const taken = await this.takenByOthers(uid);
      if (known !== undefined && !taken.has(known)) {
        this.reserved.set(uid, known);
        return known;
      }
      if (options.except !== undefined) taken.add(options.except);
      const port = await findFreePort({ seed: uid, taken });
      this.reserved.set(uid, port);
      return port;
    });
    this.queue = allocation.catch(() => {});
    return allocation;
  }

  release(uid: string): void {
    this.reserved.delete(uid);
  }

  private async takenByOthers(uid: string): Promise<Set<number>> {
    const taken = new Set<number>();
    for (const [owner, port] of this.reserved) {
      if (owner !== uid) taken.add(port);
    }
    for (const directory of await this.dataDirectory.list()) {
      const record = await directory.readRecord();
      if (record && record.uid !== uid) taken.add(record.port);
    }
    return taken;
  }
}

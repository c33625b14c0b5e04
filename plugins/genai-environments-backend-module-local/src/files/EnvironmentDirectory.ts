import { randomBytes } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  hasCode,
  readJsonIfValid,
  readOrCreateFile,
  readTextIfExists,
  writeFileAtomically,
} from './atomicFile';
import { NEVER_LAUNCHED, Supervision, supervisionSchema } from './supervision';

/** Whose directory it is. The runtime stops when this file disappears. */
const recordSchema = z.object({
  uid: z.string(),
  name: z.string(),
  port: z.int().min(1).max(65535),
  createdAt: z.iso.datetime(),
});
export type EnvironmentRecord = z.infer<typeof recordSchema>;

const runtimeFileSchema = z.object({ pid: z.int(), uid: z.string() });

/**
 * The directory of one environment, mode 0700, shared with its runtime:
 *
 * ```
 * environment.json   identity and port
 * control.key        opens the runtime's /control routes, 0600
 * supervision.json   what the provisioner knows about starts and ends, 0600
 * credentials/       digests of secrets, and sealed ones that nobody took yet, 0600
 * app/<hash>/        copy of the bundled app, where the environment has no repository
 * runtime.log        output of the runtime
 * runtime.json       written by the runtime while it listens
 * …                  the runtime's own data
 * ```
 *
 * @see docs/runtime-protocol.md
 */
export class EnvironmentDirectory {
  constructor(readonly path: string) {}

  get logPath(): string {
    return join(this.path, 'runtime.log');
  }

  get credentialsPath(): string {
    return join(this.path, 'credentials');
  }

  /** Holds the one copy of the bundled app. */
  get appCopiesPath(): string {
    return join(this.path, 'app');
  }

  appCopyPath(hash: string): string {
    return join(this.appCopiesPath, hash);
  }

  async exists(): Promise<boolean> {
    try {
      return (await stat(this.path)).isDirectory();
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) return false;
      throw error;
    }
  }

  async create(): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    await mkdir(this.credentialsPath, { recursive: true, mode: 0o700 });
  }

  async remove(): Promise<void> {
    // A runtime or app that ends right now may still write a last file.
    await rm(this.path, {
      recursive: true,
      force: true,
      maxRetries: 5,
      retryDelay: 50,
    });
  }

  readRecord(): Promise<EnvironmentRecord | undefined> {
    return readJsonIfValid(join(this.path, 'environment.json'), recordSchema);
  }

  writeRecord(record: EnvironmentRecord): Promise<void> {
    return this.writeJson('environment.json', record);
  }

  async readSupervision(): Promise<Supervision> {
    return (
      (await readJsonIfValid(
        join(this.path, 'supervision.json'),
        supervisionSchema,
      )) ?? NEVER_LAUNCHED
    );
  }

  writeSupervision(supervision: Supervision): Promise<void> {
    return this.writeJson('supervision.json', supervision);
  }

  /** `undefined` until the environment was prepared. */
  readControlKey(): Promise<string | undefined> {
    return readTextIfExists(join(this.path, 'control.key'));
  }

  readOrCreateControlKey(): Promise<string> {
    return readOrCreateFile(join(this.path, 'control.key'), () =>
      randomBytes(32).toString('base64url'),
    );
  }

  /** Process id that the runtime wrote once it listened. May be out of date. */
  async readRuntimePid(): Promise<number | undefined> {
    const path = join(this.path, 'runtime.json');
    return (await readJsonIfValid(path, runtimeFileSchema))?.pid;
  }

  async removeRuntimeFile(): Promise<void> {
    await rm(join(this.path, 'runtime.json'), { force: true });
  }

  private writeJson(name: string, content: object): Promise<void> {
    return writeFileAtomically(
      join(this.path, name),
      `${JSON.stringify(content, null, 2)}\n`,
    );
  }
}

import { InputError } from '@backstage/errors';
import { environmentNameSchema } from '@genai-environments/backstage-plugin-genai-environments-common';
import {
  EnvironmentIdentity,
  resolveLocalRepositoryDirectory,
} from '@genai-environments/backstage-plugin-genai-environments-node';
import { constants } from 'node:fs';
import { access, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hasCode } from './atomicFile';
import { EnvironmentDirectory } from './EnvironmentDirectory';

const UID = /^[A-Za-z0-9][A-Za-z0-9-]{7,63}$/;

/**
 * Everything that local environments keep on disk:
 *
 * ```
 * environments/<name>-<start of the uid>/   one environment, see EnvironmentDirectory
 * repositories/<name>/                      published by the scaffolder module
 * secret.key                                seals secrets that nobody revealed yet
 * ```
 */
export class DataDirectory {
  constructor(readonly path: string) {}

  get environmentsPath(): string {
    return join(this.path, 'environments');
  }

  get keyPath(): string {
    return join(this.path, 'secret.key');
  }

  /**
   * The place of one environment; the same for each call, whether it exists or not.
   *
   * @throws InputError when name or uid could lead out of the data directory
   */
  environment(identity: EnvironmentIdentity): EnvironmentDirectory {
    const { name, uid } = identity;
    assertName(name);
    if (!UID.test(uid)) {
      throw new InputError(
        `"${uid}" is no uid of an environment: it must consist of 8 to 64 letters, digits and hyphens.`,
      );
    }
    const short = uid.replaceAll('-', '').slice(0, 8);
    return new EnvironmentDirectory(
      join(this.environmentsPath, `${name}-${short}`),
    );
  }

  repositoryPath(name: string): string {
    assertName(name);
    return resolveLocalRepositoryDirectory({ dataDirectory: this.path, name });
  }

  /** All environments that have a directory. */
  async list(): Promise<EnvironmentDirectory[]> {
    try {
      const entries = await readdir(this.environmentsPath, {
        withFileTypes: true,
      });
      return entries
        .filter(entry => entry.isDirectory())
        .map(({ name }) => join(this.environmentsPath, name))
        .map(path => new EnvironmentDirectory(path));
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    }
  }

  async create(): Promise<void> {
    await mkdir(this.environmentsPath, { recursive: true, mode: 0o700 });
  }

  /** Whether it could be written to, without making it. */
  async isWritable(): Promise<boolean> {
    let path = this.environmentsPath;
    for (;;) {
      try {
        await access(path, constants.W_OK | constants.X_OK);
        return true;
      } catch (error) {
        if (!hasCode(error, 'ENOENT') || dirname(path) === path) return false;
        path = dirname(path);
      }
    }
  }
}

function assertName(name: string) {
  const parsed = environmentNameSchema.safeParse(name);
  if (!parsed.success) {
    throw new InputError(
      `"${name}" is no name of an environment: it ${parsed.error.issues[0].message}.`,
    );
  }
}

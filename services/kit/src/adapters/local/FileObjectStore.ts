import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { DependencyError, DomainError } from '../../errors';
import {
  assertContentType,
  assertObjectKey,
  assertObjectPrefix,
} from '../../objects/objectKey';
import type { ObjectInfo, ObjectStore, StoredObject } from '../../ports';
import type { ServiceHealth } from '../../service/ServiceDefinition';
import { Clock, systemClock } from '../../time';
import { isMissing, openObjectFile, writeObjectFile } from './objectFile';
import { objectPath, prefixPath } from './objectPaths';
import { ObjectGrant, ObjectUrlSigner } from './ObjectUrlSigner';

export type FileObjectStoreOptions = {
  /** Made when missing, readable by its owner only. */
  directory: string;
  /** Origin below which `objectRoutes` of this store answers; asked at each signing. */
  baseUrl: () => string;
  /** At least 32 bytes; whoever has them can make addresses. */
  signingKey: Uint8Array;
  clock?: Clock;
};

/** Half an upload that a crash left is taken away after this long. */
const ABANDONED_AFTER_MS = 24 * 3600 * 1000;

/** Each attempt lost a directory to a deletion at the same moment. */
const MAX_ATTEMPTS = 20;

/** Keeps objects as files; any number of processes may share the directory. */
export class FileObjectStore implements ObjectStore {
  private readonly objects: string;
  private readonly incoming: string;
  private readonly clock: Clock;
  private readonly signer: ObjectUrlSigner;
  private prepared: Promise<void> | undefined;

  constructor(options: FileObjectStoreOptions) {
    this.objects = join(options.directory, 'objects');
    this.incoming = join(options.directory, 'incoming');
    this.clock = options.clock ?? systemClock;
    this.signer = new ObjectUrlSigner({ ...options, clock: this.clock });
  }

  async put(
    key: string,
    body: string | Uint8Array | Readable,
    { contentType }: { contentType: string },
  ): Promise<ObjectInfo> {
    assertObjectKey(key);
    assertContentType(contentType);
    return this.explained('write', async () => {
      await this.prepare();
      const temporary = join(this.incoming, randomUUID());
      const header = { contentType, lastModifiedAt: this.clock.now() };
      try {
        const sizeBytes = await writeObjectFile(temporary, { header, body });
        await moveInto(temporary, objectPath(this.objects, key));
        return { key, sizeBytes, ...header };
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    });
  }

  async get(key: string): Promise<StoredObject | undefined> {
    assertObjectKey(key);
    return this.explained('read', async () => {
      const file = await openObjectFile(objectPath(this.objects, key));
      if (!file) return undefined;
      const { read, close: _, ...info } = file;
      return { key, ...info, body: read() };
    });
  }

  async head(key: string): Promise<ObjectInfo | undefined> {
    assertObjectKey(key);
    return this.explained('read', async () => {
      const file = await openObjectFile(objectPath(this.objects, key));
      if (!file) return undefined;
      const { read: _, close, ...info } = file;
      await close();
      return { key, ...info };
    });
  }

  async delete(key: string): Promise<void> {
    assertObjectKey(key);
    await this.explained('delete', async () => {
      const path = objectPath(this.objects, key);
      await rm(path, { force: true });
      await this.removeEmptyDirectories(dirname(path));
    });
  }

  async deleteAll(prefix: string): Promise<void> {
    assertObjectPrefix(prefix);
    await this.explained('delete', async () => {
      await this.prepare();
      const path = prefixPath(this.objects, prefix);
      const trash = join(this.incoming, randomUUID());
      try {
        // Gone in one step for readers, whatever it takes to take it apart.
        await rename(path, trash);
      } catch (error) {
        if (isMissing(error)) return;
        throw error;
      }
      await rm(trash, { recursive: true, force: true });
      await this.removeEmptyDirectories(dirname(path));
    });
  }

  async signUpload(
    key: string,
    options: {
      contentType: string;
      maxSizeBytes: number;
      expiresAfterSeconds: number;
    },
  ): Promise<string> {
    assertObjectKey(key);
    const { contentType, maxSizeBytes, expiresAfterSeconds } = options;
    assertContentType(contentType);
    return this.signer.sign(
      { method: 'PUT', key, contentType, maxSizeBytes },
      expiresAfterSeconds,
    );
  }

  async signDownload(
    key: string,
    options: { fileName?: string; expiresAfterSeconds: number },
  ): Promise<string> {
    assertObjectKey(key);
    const { fileName, expiresAfterSeconds } = options;
    return this.signer.sign(
      { method: 'GET', key, fileName },
      expiresAfterSeconds,
    );
  }

  /**
   * What an address that this store signed lets its bearer do.
   *
   * @throws ForbiddenError when it signed none such, or it has expired
   */
  verify(request: {
    method: string;
    key: string;
    query: URLSearchParams;
  }): ObjectGrant {
    return this.signer.verify(request);
  }

  async health(): Promise<ServiceHealth> {
    try {
      await this.prepare();
      await stat(this.incoming);
      return { status: 'UP' };
    } catch {
      return {
        status: 'DOWN',
        reason: 'The directory of the object store cannot be used.',
      };
    }
  }

  private prepare(): Promise<void> {
    this.prepared ??= this.makeDirectories().catch(error => {
      this.prepared = undefined;
      throw error;
    });
    return this.prepared;
  }

  private async makeDirectories(): Promise<void> {
    for (const path of [this.objects, this.incoming]) {
      await mkdir(path, { recursive: true, mode: 0o700 });
    }
    for (const name of await readdir(this.incoming)) {
      const path = join(this.incoming, name);
      const found = await stat(path).catch(() => undefined);
      if (found && Date.now() - found.mtimeMs > ABANDONED_AFTER_MS) {
        await rm(path, { recursive: true, force: true });
      }
    }
  }

  /** Upwards until one is in use. */
  private async removeEmptyDirectories(path: string): Promise<void> {
    for (
      let directory = path;
      directory.length > this.objects.length;
      directory = dirname(directory)
    ) {
      try {
        await rmdir(directory);
      } catch (error) {
        if (!isMissing(error)) return;
      }
    }
  }

  private async explained<T>(
    verb: 'read' | 'write' | 'delete',
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Not of the file system: whoever reads from or writes to us knows more.
      if (
        error instanceof DomainError ||
        !(error as { syscall?: string }).syscall
      ) {
        throw error;
      }
      const full = code === 'ENOSPC' || code === 'EDQUOT';
      throw new DependencyError(
        full
          ? 'The disk of the object store is full. Delete what is no longer needed.'
          : `The object store cannot ${verb} just now. Try again shortly.`,
        { kind: 'unavailable', retryable: !full, cause: error },
      );
    }
  }
}

async function moveInto(source: string, target: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await rename(source, target);
      return;
    } catch (error) {
      if (!isMissing(error) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

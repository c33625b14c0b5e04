import { InputError, NotFoundError } from '@backstage/errors';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  hasCode,
  readJsonIfValid,
  writeFileAtomically,
} from '../files/atomicFile';
import { sealedSecretSchema, SecretSealer } from './SecretSealer';

/** What the issuer may know of a secret. */
const digestSchema = z.object({
  version: z.int().positive(),
  /** Hex digest. */
  sha256: z.string(),
  /** From then on it does not authenticate any more. */
  expiresAt: z.iso.datetime().optional(),
});
export type SecretDigest = z.infer<typeof digestSchema>;

const fileSchema = z.object({ secrets: z.array(digestSchema) });

const CLIENT_ID = /^[A-Za-z0-9_-]{1,100}$/;

/**
 * Secrets of an environment's applications: digests in `<clientId>.json`, and each
 * secret that nobody took yet, sealed, in `<clientId>.<version>.sealed`.
 */
export class CredentialStore {
  private readonly path: string;
  private readonly uid: string;
  private readonly sealer: SecretSealer;
  private readonly graceMs: number;
  private readonly now: () => number;

  constructor(options: {
    path: string;
    uid: string;
    sealer: SecretSealer;
    /** How long the secret before a rotation keeps working. */
    graceMs: number;
    now: () => number;
  }) {
    this.path = options.path;
    this.uid = options.uid;
    this.sealer = options.sealer;
    this.graceMs = options.graceMs;
    this.now = options.now;
  }

  /**
   * Digests of the secrets that are valid at `version`. Makes the secret up when there
   * is none yet; the one before it then expires after the grace period.
   *
   * The sealed secret is on disk before its digest: a digest that is known always
   * belongs to a secret that could be taken. Repeating it changes nothing.
   */
  async ensure(clientId: string, version: number): Promise<SecretDigest[]> {
    const known = await this.readDigests(clientId);
    if (known.some(digest => digest.version === version)) return known;

    const secret = randomBytes(32).toString('base64url');
    const sealed = this.sealer.seal(secret, {
      uid: this.uid,
      clientId,
      version,
    });
    await writeFileAtomically(
      this.sealedPath(clientId, version),
      JSON.stringify(sealed),
    );
    const secrets = [
      ...this.stillValid(known),
      {
        version,
        sha256: createHash('sha256').update(secret).digest('hex'),
      },
    ];
    await writeFileAtomically(
      this.digestsPath(clientId),
      JSON.stringify({ secrets }),
    );
    await this.removeSealedExcept(clientId, version);
    return secrets;
  }

  /**
   * Hands out a secret and forgets it. Of several calls at once one gets it: taking is
   * renaming the file. A secret that cannot be read stays where it is.
   *
   * @throws NotFoundError when it was taken before or never existed
   */
  async take(clientId: string, version: number): Promise<string> {
    const sealedPath = this.sealedPath(clientId, version);
    const taken = `${sealedPath}.${randomUUID()}.taken`;
    try {
      await rename(sealedPath, taken);
    } catch (error) {
      if (!hasCode(error, 'ENOENT', 'ENOTDIR')) throw error;
      throw new NotFoundError(
        `There is no secret of version ${version} to hand out for client ${clientId}: it was handed out before, or replaced. Rotate it to get a new one.`,
      );
    }
    let secret: string;
    try {
      const sealed = sealedSecretSchema.parse(
        JSON.parse(await readFile(taken, 'utf8')),
      );
      secret = this.sealer.unseal(sealed, { uid: this.uid, clientId, version });
    } catch (error) {
      await rename(taken, sealedPath);
      throw error;
    }
    await rm(taken, { force: true });
    return secret;
  }

  /** Forgets everything about clients that are not in `clientIds`. */
  async retain(clientIds: ReadonlySet<string>): Promise<void> {
    for (const entry of await this.entries()) {
      if (!clientIds.has(entry.split('.')[0])) {
        await rm(join(this.path, entry), { force: true });
      }
    }
  }

  private stillValid(digests: SecretDigest[]): SecretDigest[] {
    if (this.graceMs <= 0) return [];
    const now = this.now();
    const expiresAt = new Date(now + this.graceMs).toISOString();
    // At most two are valid at a time, as other issuers have it.
    return digests
      .filter(digest => Date.parse(digest.expiresAt ?? expiresAt) > now)
      .sort((a, b) => a.version - b.version)
      .slice(-1)
      .map(digest => ({ ...digest, expiresAt: digest.expiresAt ?? expiresAt }));
  }

  private async readDigests(clientId: string): Promise<SecretDigest[]> {
    const file = await readJsonIfValid(this.digestsPath(clientId), fileSchema);
    return file?.secrets ?? [];
  }

  private async removeSealedExcept(clientId: string, version: number) {
    const keep = `${clientId}.${version}.sealed`;
    for (const entry of await this.entries()) {
      const isSealed =
        entry.startsWith(`${clientId}.`) && !entry.endsWith('.json');
      if (isSealed && entry !== keep) {
        await rm(join(this.path, entry), { force: true });
      }
    }
  }

  private async entries(): Promise<string[]> {
    try {
      return await readdir(this.path);
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    }
  }

  private digestsPath(clientId: string): string {
    assertClientId(clientId);
    return join(this.path, `${clientId}.json`);
  }

  private sealedPath(clientId: string, version: number): string {
    assertClientId(clientId);
    if (!Number.isSafeInteger(version) || version < 1) {
      throw new InputError(`${version} is no version of a secret.`);
    }
    return join(this.path, `${clientId}.${version}.sealed`);
  }
}

/** Client ids become file names and path segments. */
function assertClientId(clientId: string) {
  if (!CLIENT_ID.test(clientId)) {
    throw new InputError(
      'A client id must consist of 1 to 100 letters, digits, hyphens and underscores.',
    );
  }
}

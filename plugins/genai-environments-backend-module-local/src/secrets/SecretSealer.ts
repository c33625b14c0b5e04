import {
  createCipheriv,
  createDecipheriv,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import { z } from 'zod';

const ALGORITHM = 'aes-256-gcm';

export const sealedSecretSchema = z.object({
  iv: z.base64(),
  ciphertext: z.base64(),
  tag: z.base64(),
});
export type SealedSecret = z.infer<typeof sealedSecretSchema>;

/** What a sealed secret belongs to; it opens for nothing else. */
export type SealContext = { uid: string; clientId: string; version: number };

/** The secret was sealed with another key, for something else, or changed since. */
export class UnsealError extends Error {
  override readonly name = 'UnsealError';
  readonly code = 'UNSEAL_FAILED';
}

/** Encrypts secrets with a key that is derived from the portal's (AES-256-GCM, HKDF). */
export class SecretSealer {
  private readonly key: Buffer;

  constructor(secretKey: string) {
    this.key = Buffer.from(
      hkdfSync('sha256', secretKey, '', 'genai-environments/local/secret', 32),
    );
  }

  seal(secret: string, context: SealContext): SealedSecret {
    const iv = randomBytes(12);
    const cipher = createCipheriv(ALGORITHM, this.key, iv);
    cipher.setAAD(associatedData(context));
    const ciphertext = Buffer.concat([
      cipher.update(secret, 'utf8'),
      cipher.final(),
    ]);
    return {
      iv: iv.toString('base64'),
      ciphertext: ciphertext.toString('base64'),
      tag: cipher.getAuthTag().toString('base64'),
    };
  }

  /** @throws UnsealError */
  unseal(sealed: SealedSecret, context: SealContext): string {
    try {
      const decipher = createDecipheriv(
        ALGORITHM,
        this.key,
        Buffer.from(sealed.iv, 'base64'),
        { authTagLength: 16 },
      );
      decipher.setAAD(associatedData(context));
      decipher.setAuthTag(Buffer.from(sealed.tag, 'base64'));
      return Buffer.concat([
        decipher.update(Buffer.from(sealed.ciphertext, 'base64')),
        decipher.final(),
      ]).toString('utf8');
    } catch (error) {
      throw new UnsealError(
        'The secret cannot be opened: it was sealed with another key. Rotate the secret of the application to get a new one.',
        { cause: error },
      );
    }
  }
}

function associatedData({ uid, clientId, version }: SealContext): Buffer {
  return Buffer.from(JSON.stringify([uid, clientId, version]), 'utf8');
}

import { hash } from 'node:crypto';

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;

/**
 * HMAC-SHA256 with one key over many texts: two one-shot hashes, a third of the CPU of
 * `createHmac`, which sets up and allocates anew for each.
 *
 * @see https://www.rfc-editor.org/rfc/rfc2104
 */
export class HmacKey {
  /** The padded key, and room for the text. */
  private inner: Buffer;
  /** The padded key, and room for the hash of `inner`. */
  private readonly outer: Buffer;

  /** @param key - at most 64 bytes */
  constructor(key: Buffer) {
    if (key.length > BLOCK_BYTES) {
      throw new RangeError(`The key has ${key.length} bytes, 64 at most`);
    }
    this.inner = pad(key, { filler: 0x36, length: BLOCK_BYTES });
    this.outer = pad(key, { filler: 0x5c, length: BLOCK_BYTES + DIGEST_BYTES });
  }

  /**
   * The signature in hexadecimal digits.
   *
   * @param text - ASCII
   */
  sign(text: string): string {
    const length = BLOCK_BYTES + text.length;
    if (this.inner.length !== length) {
      const resized = Buffer.alloc(length);
      this.inner.copy(resized, 0, 0, BLOCK_BYTES);
      this.inner = resized;
    }
    this.inner.write(text, BLOCK_BYTES, 'latin1');
    // As a string: a digest in a buffer costs more than to write it into one.
    this.outer.write(
      hash('sha256', this.inner, 'binary'),
      BLOCK_BYTES,
      'latin1',
    );
    return hash('sha256', this.outer, 'hex');
  }
}

function pad(
  key: Buffer,
  { filler, length }: { filler: number; length: number },
): Buffer {
  const padded = Buffer.alloc(length, filler);
  for (const [index, byte] of key.entries()) padded[index] ^= byte;
  return padded;
}

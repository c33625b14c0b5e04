import { ContentTooLargeError } from '@genai-environments/service-kit';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

/** Short texts as they are, long ones compressed: DynamoDB bills by the kilobyte. */
export type StoredText = string | Uint8Array;

const COMPRESS_FROM_BYTES = 16 * 1024;
/** An item holds 400 KB, names and all. */
const MAX_BYTES = 380 * 1024;

/** @throws ContentTooLargeError when it does not fit in an item of DynamoDB */
export async function packText(text: string): Promise<StoredText> {
  if (Buffer.byteLength(text) < COMPRESS_FROM_BYTES) return text;
  const packed = await promisify(gzip)(text);
  if (packed.length <= MAX_BYTES) return packed;
  throw new ContentTooLargeError(
    `The text takes ${packed.length} bytes compressed, and ${MAX_BYTES} are the most that can be kept. Split the template.`,
    { code: 'prompt_template_too_large' },
  );
}

export async function unpackText(stored: StoredText): Promise<string> {
  if (typeof stored === 'string') return stored;
  return (await promisify(gunzip)(stored)).toString('utf8');
}

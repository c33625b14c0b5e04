import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileOnce } from '../files';

const FILE_NAME = 'object-signing-key';
const KEY_BYTES = 32;

/**
 * The key that signs addresses of objects: made at the first start, in a file that only
 * its owner can read. All processes of the directory get the same one.
 */
export async function loadObjectSigningKey(
  dataDirectory: string,
): Promise<Buffer> {
  const path = join(dataDirectory, FILE_NAME);
  await writeFileOnce(path, randomBytes(KEY_BYTES).toString('base64'));
  const key = Buffer.from(await readFile(path, 'utf8'), 'base64');
  if (key.length === KEY_BYTES) return key;
  throw new Error(
    `${path} is damaged. Delete it: a new key is made, and addresses signed until now end.`,
  );
}

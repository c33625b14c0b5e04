import { generateKeyPair, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { writeFileOnce } from '../files';

const FILE_NAME = 'signing-keys.json';

const privateJwkSchema = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
  kid: z.string(),
  alg: z.literal('ES256'),
  use: z.literal('sig'),
});
const privateJwksSchema = z.object({ keys: z.array(privateJwkSchema).min(1) });

export type PrivateJwk = z.infer<typeof privateJwkSchema>;
export type PublicJwk = Omit<PrivateJwk, 'd'>;

/**
 * Keys that sign access tokens, made at the first start and kept in a file that only
 * its owner can read, so that tokens outlive a restart.
 */
export async function loadSigningKeys(options: {
  dataDirectory: string;
}): Promise<PrivateJwk[]> {
  const path = join(options.dataDirectory, FILE_NAME);
  let text = await readIfPresent(path);
  if (text === undefined) {
    const keys = [await createSigningKey()];
    await writeFileOnce(path, JSON.stringify({ keys }));
    text = await readFile(path, 'utf8');
  }
  return privateJwksSchema.parse(JSON.parse(text)).keys;
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The part of a key that anybody may see. */
export function toPublicJwk(key: PrivateJwk): PublicJwk {
  const { d: _secret, ...publicJwk } = key;
  return publicJwk;
}

async function createSigningKey(): Promise<PrivateJwk> {
  const { privateKey } = await promisify(generateKeyPair)('ec', {
    namedCurve: 'P-256',
  });
  return privateJwkSchema.parse({
    ...privateKey.export({ format: 'jwk' }),
    kid: randomUUID(),
    alg: 'ES256',
    use: 'sig',
  });
}

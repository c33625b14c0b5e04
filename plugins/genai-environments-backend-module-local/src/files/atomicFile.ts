import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { z } from 'zod';

/**
 * Writes a file that only its owner can read. Readers see the old content or the new,
 * never a part of it, also when the process dies in between.
 */
export async function writeFileAtomically(
  path: string,
  content: string,
): Promise<void> {
  await throughTemporary(path, content, temporary => rename(temporary, path));
}

/**
 * The content of a file that is made once: the first writer's, whoever it is. Safe
 * against others that do the same at the same time, in this process or another.
 */
export async function readOrCreateFile(
  path: string,
  create: () => string,
): Promise<string> {
  const existing = await readTextIfExists(path);
  if (existing !== undefined) return existing;
  const content = create();
  return throughTemporary(path, content, async temporary => {
    try {
      await link(temporary, path);
      return content;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
      return readFile(path, 'utf8');
    }
  });
}

/** `undefined` when there is no such file. */
export async function readTextIfExists(
  path: string,
): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** `undefined` when there is no such file, or when it is not what it should be. */
export async function readJsonIfValid<T extends z.ZodType>(
  path: string,
  schema: T,
): Promise<z.infer<T> | undefined> {
  const text = await readTextIfExists(path);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function hasCode(error: unknown, ...codes: string[]): boolean {
  // A number for errors of the web platform, such as timeouts.
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && codes.includes(code);
}

async function throughTemporary<T>(
  path: string,
  content: string,
  place: (temporary: string) => Promise<T>,
): Promise<T> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, content, { mode: 0o600, flush: true });
    return await place(temporary);
  } finally {
    await rm(temporary, { force: true });
  }
}

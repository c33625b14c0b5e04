import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import * as z from 'zod';

const packageSchema = z.object({ main: z.string().min(1).max(500) });

/** The app's directory holds nothing that can be run; the message says what is wrong. */
export class AppEntryError extends Error {
  override readonly name = 'AppEntryError';
  readonly code = 'APP_ENTRY_INVALID';
}

/** Absolute path of the `main` of the package in `directory`. */
export async function findAppEntry(directory: string): Promise<string> {
  const manifest = join(directory, 'package.json');
  let main: string;
  try {
    const text = await readFile(manifest, 'utf8');
    ({ main } = packageSchema.parse(JSON.parse(text)));
  } catch (cause) {
    throw new AppEntryError(
      'The app cannot be started: its package.json is missing, is not JSON, or has no "main".',
      { cause },
    );
  }
  const entry = resolve(directory, main);
  if (relative(directory, entry).startsWith('..')) {
    throw new AppEntryError(
      'The app cannot be started: "main" in its package.json points outside its directory.',
    );
  }
  return entry;
}

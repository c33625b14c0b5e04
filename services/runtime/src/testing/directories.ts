import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

/** A directory that {@link removeDirectories} takes away. */
export async function makeDirectory(
  files: Record<string, string> = {},
): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'genai-runtime-test-'));
  made.push(path);
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(path, name), content);
  }
  return path;
}

/** A data directory as a provisioner leaves it. */
export function makeDataDirectory(): Promise<string> {
  return makeDirectory({ 'environment.json': '{}' });
}

/** An app whose `main` has this source. */
export function makeAppDirectory(source: string): Promise<string> {
  return makeDirectory({
    'package.json': JSON.stringify({ main: 'main.mjs' }),
    'main.mjs': source,
  });
}

/** To be called after each test. */
export async function removeDirectories(): Promise<void> {
  await Promise.all(
    made.splice(0).map(path => rm(path, { recursive: true, force: true })),
  );
}

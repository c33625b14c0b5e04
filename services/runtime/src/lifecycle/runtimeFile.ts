import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { writeFileAtomically } from '../files';

const FILE_NAME = 'runtime.json';

const runtimeFileSchema = z.object({
  pid: z.int(),
  port: z.int(),
  uid: z.string(),
  startedAt: z.string(),
  version: z.string(),
});

/** What a provisioner finds a running runtime by. */
export type RuntimeFile = z.infer<typeof runtimeFileSchema>;

/** Says, atomically, that this runtime listens. */
export async function writeRuntimeFile(
  dataDirectory: string,
  content: RuntimeFile,
): Promise<void> {
  await writeFileAtomically(
    join(dataDirectory, FILE_NAME),
    `${JSON.stringify(content)}\n`,
  );
}

/** `undefined` when there is none, or none that can be understood. */
export async function readRuntimeFile(
  dataDirectory: string,
): Promise<RuntimeFile | undefined> {
  try {
    const text = await readFile(join(dataDirectory, FILE_NAME), 'utf8');
    return runtimeFileSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Leaves the file alone when another process wrote it meanwhile. */
export async function removeRuntimeFile(
  dataDirectory: string,
  pid: number,
): Promise<void> {
  const content = await readRuntimeFile(dataDirectory);
  if (content?.pid === pid) {
    await rm(join(dataDirectory, FILE_NAME), { force: true });
  }
}

import { FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';

/**
 * An object is one file: a line of JSON that describes it, then its content. Two files
 * could not be replaced in one step.
 */
type Header = { contentType: string; lastModifiedAt: number };

const MAX_HEADER_BYTES = 1024;
const NEWLINE = 0x0a;

/** Writes and flushes a new file, which must not exist; resolves to the size of the content. */
export async function writeObjectFile(
  path: string,
  options: { header: Header; body: string | Uint8Array | Readable },
): Promise<number> {
  const { header, body } = options;
  const file = await open(path, 'wx', 0o600);
  try {
    const head = Buffer.from(`${JSON.stringify(header)}\n`);
    await file.write(head);
    await file.writeFile(body);
    await file.datasync();
    return (await file.stat()).size - head.length;
  } finally {
    await file.close();
  }
}

/** An object's file that is open; it stays whole when the object is replaced or deleted. */
export type OpenObjectFile = Header & {
  sizeBytes: number;
  /** Reads the content and closes the file at its end. */
  read(): Readable;
  close(): Promise<void>;
};

/** `undefined` when there is no such file. */
export async function openObjectFile(
  path: string,
): Promise<OpenObjectFile | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  try {
    const { header, offset } = await readHeader(file, path);
    const { size } = await file.stat();
    return {
      ...header,
      sizeBytes: size - offset,
      read: () => file.createReadStream({ start: offset }),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readHeader(
  file: FileHandle,
  path: string,
): Promise<{ header: Header; offset: number }> {
  const { buffer, bytesRead } = await file.read(
    Buffer.alloc(MAX_HEADER_BYTES),
    0,
    MAX_HEADER_BYTES,
    0,
  );
  const end = buffer.subarray(0, bytesRead).indexOf(NEWLINE);
  if (end === -1) throw new Error(`${path} is not a file of this store`);
  return {
    header: JSON.parse(buffer.toString('utf8', 0, end)) as Header,
    offset: end + 1,
  };
}

/** Whether an error of the file system says that a path does not exist. */
export function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

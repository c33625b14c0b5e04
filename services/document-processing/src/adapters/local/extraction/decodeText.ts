import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** The encoding of a text file; `undefined` when it is no text. */
export async function detectEncoding(
  path: string,
): Promise<Encoding | undefined> {
  const byMark = await readByteOrderMark(path);
  if (byMark) return byMark;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isUtf8 = true;
  for await (const part of createReadStream(path) as AsyncIterable<Buffer>) {
    if (part.includes(0)) return undefined;
    if (isUtf8) isUtf8 = decodes(decoder, part);
  }
  return isUtf8 && decodes(decoder) ? 'utf-8' : 'windows-1252';
}

/** Text with line feeds for line ends, in parts as they are read. */
export async function* decodeText(
  path: string,
  encoding: Encoding,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  let carriageReturn = '';
  for await (const part of createReadStream(path) as AsyncIterable<Buffer>) {
    const text = carriageReturn + decoder.decode(part, { stream: true });
    // Half of a line end may be all there is of it yet.
    carriageReturn = text.endsWith('\r') ? '\r' : '';
    yield toLineFeeds(carriageReturn ? text.slice(0, -1) : text);
  }
  yield toLineFeeds(carriageReturn + decoder.decode());
}

async function readByteOrderMark(path: string): Promise<Encoding | undefined> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    if (buffer[0] === 0xff && buffer[1] === 0xfe) return 'utf-16le';
    if (buffer[0] === 0xfe && buffer[1] === 0xff) return 'utf-16be';
    return undefined;
  } finally {
    await file.close();
  }
}

function decodes(decoder: TextDecoder, part?: Buffer): boolean {
  try {
    decoder.decode(part, { stream: part !== undefined });
    return true;
  } catch {
    return false;
  }
}

function toLineFeeds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

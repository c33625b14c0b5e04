import { open } from 'node:fs/promises';
import type { Format } from '../../../domain/Format';
import { detectEncoding } from './decodeText';
import { encrypted, mislabelled, needsOcr } from './rejections';
import { nameContent } from './signatures';

/** Where readers of PDF look for its mark. */
const HEADER_BYTES = 1024;

/** Container of Office files that are encrypted, or older than docx and xlsx. */
const OLE2_MARK = 'd0cf11e0a1b11ae1';

const IMAGES: Partial<Record<Format, string>> = {
  png: 'a PNG image',
  jpeg: 'a JPEG image',
  tiff: 'a TIFF image',
};

/**
 * Looks whether the content is what the name says.
 *
 * @returns the encoding of a text
 * @throws Rejection when it is something else, or cannot be read here
 */
export async function assertFormat(
  path: string,
  format: Format,
  { hasOcr }: { hasOcr: boolean },
): Promise<Awaited<ReturnType<typeof detectEncoding>>> {
  const header = await readHeader(path);
  const isPdf = header.includes('%PDF-');
  if (format === 'pdf') {
    if (!isPdf) throw mislabelled(format, await describe(path, header));
    return undefined;
  }
  if (format === 'docx' || format === 'xlsx') {
    if (header.subarray(0, 8).toString('hex') === OLE2_MARK) throw encrypted();
    if (header.toString('latin1', 0, 2) !== 'PK') {
      throw mislabelled(format, await describe(path, header));
    }
    return undefined;
  }
  if (format in IMAGES) {
    if (nameContent(header) !== IMAGES[format]) {
      throw mislabelled(format, await describe(path, header));
    }
    if (!hasOcr) throw needsOcr('The file is an image.');
    return undefined;
  }
  const encoding = await detectEncoding(path);
  if (!encoding || header.indexOf('%PDF-') === 0) {
    throw mislabelled(format, await describe(path, header));
  }
  return encoding;
}

async function describe(path: string, header: Buffer): Promise<string> {
  const known = nameContent(header);
  if (known) return known;
  return (await detectEncoding(path)) ? 'plain text' : 'unknown binary data';
}

async function readHeader(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(HEADER_BYTES),
      0,
      HEADER_BYTES,
      0,
    );
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

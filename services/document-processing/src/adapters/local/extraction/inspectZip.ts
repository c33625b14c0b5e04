import { on } from 'node:events';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { Entry, open, Options, ZipFile } from 'yauzl';
import { Rejection } from './Rejection';
import { damaged, encrypted, mislabelled, tooLarge } from './rejections';

export type OfficeFormat = 'docx' | 'xlsx';

/** What a document of Office has to hold. */
const MAIN_PART = {
  docx: 'word/document.xml',
  xlsx: 'xl/workbook.xml',
};

const MAX_ENTRIES = 10_000;

/** Unpacked. A document is read as a whole, a workbook row by row. */
const MAX_BYTES = { docx: 150 * 1024 * 1024, xlsx: 1024 * 1024 * 1024 };

/** Of one entry; sheets get down to a fiftieth, a bomb to a thousandth. */
const MAX_RATIO = 200;

/** Small entries may be as empty as they like. */
const RATIO_FROM_BYTES = 5 * 1024 * 1024;

const ENCRYPTED_FLAG = 1;

const openZip = promisify<string, Options, ZipFile>(open);

/**
 * Unpacks everything once without keeping it: what the directory of a hostile archive
 * says of sizes need not be true.
 *
 * @throws Rejection when it is a zip bomb, encrypted, damaged or something else
 */
export async function inspectZip(
  path: string,
  format: OfficeFormat,
): Promise<void> {
  let zip: ZipFile | undefined;
  try {
    zip = await openZip(path, { autoClose: false, lazyEntries: true });
    await inspectEntries(zip, format);
  } catch (error) {
    throw error instanceof Rejection ? error : damaged(format, error);
  } finally {
    zip?.close();
  }
}

async function inspectEntries(
  zip: ZipFile,
  format: OfficeFormat,
): Promise<void> {
  if (zip.entryCount > MAX_ENTRIES) throw bomb();
  const openStream = promisify<Entry, Readable>(zip.openReadStream.bind(zip));
  let hasMainPart = false;
  let total = 0;
  const entries = on(zip, 'entry', { close: ['end'] });
  zip.readEntry();
  for await (const [entry] of entries as AsyncIterable<[Entry]>) {
    if (entry.generalPurposeBitFlag & ENCRYPTED_FLAG) throw encrypted();
    if (entry.fileName === MAIN_PART[format]) hasMainPart = true;
    total += await unpackedSize(await openStream(entry), {
      compressedSize: entry.compressedSize,
      room: MAX_BYTES[format] - total,
    });
    zip.readEntry();
  }
  if (!hasMainPart) throw mislabelled(format, 'a zip archive of other things');
}

async function unpackedSize(
  stream: Readable,
  options: { compressedSize: number; room: number },
): Promise<number> {
  const { compressedSize, room } = options;
  let size = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    size += part.length;
    const isBomb = size > RATIO_FROM_BYTES && size > MAX_RATIO * compressedSize;
    if (isBomb || size > room) throw bomb();
  }
  return size;
}

function bomb(): Rejection {
  return tooLarge(
    'The file unpacks to far more than its size: it looks like a zip bomb, or is too large to be read.',
  );
}

import type { ExtractedPage } from '../../../domain/artefacts/pages';
import type { Format } from '../../../domain/Format';
import { Block, toPages } from '../../../domain/layout/Block';
import { decodeText } from './decodeText';
import { assertFormat } from './detect';
import type { Ocr } from './ocr/Ocr';
import { noText } from './rejections';

/** A file on this machine. */
export type DocumentFile = { path: string; format: Format };

/**
 * Reads a file of any format, page by page. Libraries are loaded when a file needs them.
 *
 * @param options.ocr - reads what is text in images; absent: nobody does
 * @throws Rejection when it cannot be read
 */
export async function* readDocument(
  file: DocumentFile,
  options: { ocr?: Ocr } = {},
): AsyncGenerator<ExtractedPage> {
  let hasText = false;
  for await (const page of await open(file, options.ocr)) {
    if (page.text.trim() !== '') hasText = true;
    yield page;
  }
  if (!hasText) throw noText();
}

async function open(
  { path, format }: DocumentFile,
  ocr: Ocr | undefined,
): Promise<AsyncIterable<ExtractedPage>> {
  const hasOcr = ocr !== undefined;
  const encoding = await assertFormat(path, format, { hasOcr });
  if (!encoding) return openBinary({ path, format }, ocr);
  const text = decodeText(path, encoding);
  switch (format) {
    case 'json':
      return (await import('./readText')).readJson(text);
    case 'jsonl':
      return (await import('./readText')).readJsonLines(text);
    case 'csv':
      return toPages((await import('./readCsv')).readCsv(text));
    case 'html':
      return toPages((await import('./readHtml')).readHtml(text));
    default:
      return (await import('./readText')).readPlainText(text);
  }
}

async function openBinary(
  { path, format }: DocumentFile,
  ocr: Ocr | undefined,
): Promise<AsyncIterable<ExtractedPage>> {
  let blocks: AsyncIterable<Block>;
  switch (format) {
    case 'pdf':
      return (await import('./readPdf')).readPdf(path, ocr);
    case 'docx':
      blocks = (await import('./readDocx')).readDocx(path);
      break;
    case 'xlsx':
      blocks = (await import('./readXlsx')).readXlsx(path);
      break;
    default:
      if (!ocr) throw new TypeError(`No reader for ${format}`);
      return (await import('./ocr/readImage')).readImage({ path, format }, ocr);
  }
  return toPages(blocks);
}

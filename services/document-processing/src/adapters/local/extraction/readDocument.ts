import type { ExtractedPage } from '../../../domain/artefacts/pages';
import type { Format } from '../../../domain/Format';
import { Block, toPages } from '../../../domain/layout/Block';
import { decodeText } from './decodeText';
import { assertFormat } from './detect';
import { noText } from './rejections';

/** A file on this machine. */
export type DocumentFile = { path: string; format: Format };

/**
 * Reads a file of any format, page by page. Libraries are loaded when a file needs them.
 *
 * @throws Rejection when it cannot be read
 */
export async function* readDocument(
  file: DocumentFile,
): AsyncGenerator<ExtractedPage> {
  let hasText = false;
  for await (const page of await open(file)) {
    if (page.text.trim() !== '') hasText = true;
    yield page;
  }
  if (!hasText) throw noText();
}

async function open({
  path,
  format,
}: DocumentFile): Promise<AsyncIterable<ExtractedPage>> {
  const encoding = await assertFormat(path, format);
  if (!encoding) return openBinary({ path, format });
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

async function openBinary({
  path,
  format,
}: DocumentFile): Promise<AsyncIterable<ExtractedPage>> {
  let blocks: AsyncIterable<Block>;
  switch (format) {
    case 'pdf':
      return (await import('./readPdf')).readPdf(path);
    case 'docx':
      blocks = (await import('./readDocx')).readDocx(path);
      break;
    case 'xlsx':
      blocks = (await import('./readXlsx')).readXlsx(path);
      break;
    default:
      throw new TypeError(`No reader for ${format}`);
  }
  return toPages(blocks);
}

import { readFile } from 'node:fs/promises';
import { getDocumentProxy, getResolvedPDFJS } from 'unpdf';
import type { ExtractedPage } from '../../../domain/artefacts/pages';
import { PageText } from '../../../domain/layout/Block';
import { PdfTextItem, toBlocks } from './pdfLayout';
import { damaged, encrypted, needsOcr } from './rejections';

type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;
type PdfPage = Awaited<ReturnType<PdfDocument['getPage']>>;

/**
 * Pages of a PDF, one at a time.
 *
 * @throws Rejection when it is encrypted, damaged, or has pictures of text only
 */
export async function* readPdf(path: string): AsyncGenerator<ExtractedPage> {
  const document = await openDocument(path);
  let pagesWithText = 0;
  let scans = 0;
  for (let pageNumber = 1; pageNumber <= document.numPages; pageNumber++) {
    const page = await readPage(document, pageNumber);
    if (page.text !== '') pagesWithText += 1;
    else if (page.warning) scans += 1;
    // Known at the last page only; what was yielded before is never seen then.
    if (pagesWithText === 0 && pageNumber === document.numPages && scans > 0) {
      throw needsOcr('The pages of the file are scans.');
    }
    yield page;
  }
  await document.loadingTask.destroy();
}

async function openDocument(path: string): Promise<PdfDocument> {
  try {
    return await getDocumentProxy(new Uint8Array(await readFile(path)), {
      // Nothing is drawn: fonts are only needed for what their letters mean.
      useSystemFonts: false,
      disableFontFace: true,
      verbosity: 0,
    });
  } catch (error) {
    if ((error as Error).name === 'PasswordException') throw encrypted();
    throw damaged('pdf', error);
  }
}

async function readPage(
  document: PdfDocument,
  pageNumber: number,
): Promise<ExtractedPage> {
  let page: PdfPage | undefined;
  try {
    page = await document.getPage(pageNumber);
    const { items } = await page.getTextContent();
    const text = new PageText();
    const found = items.flatMap<PdfTextItem>(item =>
      'str' in item ? item : [],
    );
    for (const block of toBlocks(found, { isFirstPage: pageNumber === 1 })) {
      text.add(block);
    }
    const read = text.finish(pageNumber);
    if (read.text === '' && (await hasImage(page))) {
      read.warning = `Page ${pageNumber} is an image without text and was left out: reading it takes OCR.`;
    }
    return read;
  } catch (error) {
    throw damaged('pdf', error);
  } finally {
    page?.cleanup();
  }
}

async function hasImage(page: PdfPage): Promise<boolean> {
  const { OPS } = await getResolvedPDFJS();
  const drawing: number[] = [
    OPS.paintImageXObject,
    OPS.paintInlineImageXObject,
    OPS.paintImageMaskXObject,
  ];
  const { fnArray } = await page.getOperatorList();
  return fnArray.some(operation => drawing.includes(operation));
}

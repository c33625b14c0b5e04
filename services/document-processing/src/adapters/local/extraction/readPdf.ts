import { readFile } from 'node:fs/promises';
import { getDocumentProxy, getResolvedPDFJS } from 'unpdf';
import type { ExtractedPage } from '../../../domain/artefacts/pages';
import { PageText } from '../../../domain/layout/Block';
import { toPgm } from './ocr/GrayImage';
import type { Ocr } from './ocr/Ocr';
import { pdfImages, type PdfPage } from './ocr/pdfImages';
import { PdfTextItem, toBlocks } from './pdfLayout';
import { Rejection } from './Rejection';
import { damaged, encrypted, needsOcr } from './rejections';

type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;

/**
 * Pages of a PDF, one at a time; those without text are read as pictures of it.
 *
 * @throws Rejection when it is encrypted, damaged, or has pictures of text only and there
 *   is no OCR
 */
export async function* readPdf(
  path: string,
  ocr?: Ocr,
): AsyncGenerator<ExtractedPage> {
  const document = await openDocument(path);
  let pagesWithText = 0;
  let scans = 0;
  for (let pageNumber = 1; pageNumber <= document.numPages; pageNumber++) {
    const page = await readPage(document, { pageNumber, ocr });
    if (page.text !== '') pagesWithText += 1;
    else if (page.warning && !ocr) scans += 1;
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
  { pageNumber, ocr }: { pageNumber: number; ocr?: Ocr },
): Promise<ExtractedPage> {
  let page: PdfPage | undefined;
  try {
    page = await document.getPage(pageNumber);
    const text = await readText(page, pageNumber);
    if (text.isEmpty && ocr) await readScan(page, { ocr, text, pageNumber });
    const read = text.finish(pageNumber);
    if (read.text === '' && (await hasImage(page))) {
      read.warning = ocr
        ? `Page ${pageNumber} is an image in which no text was found.`
        : `Page ${pageNumber} is an image without text and was left out: reading it takes OCR.`;
    }
    return read;
  } catch (error) {
    throw error instanceof Rejection ? error : damaged('pdf', error);
  } finally {
    page?.cleanup();
  }
}

async function readText(page: PdfPage, pageNumber: number): Promise<PageText> {
  const { items } = await page.getTextContent();
  const found = items.flatMap<PdfTextItem>(item => ('str' in item ? item : []));
  const text = new PageText();
  for (const block of toBlocks(found, { isFirstPage: pageNumber === 1 })) {
    text.add(block);
  }
  return text;
}

async function readScan(
  page: PdfPage,
  options: { ocr: Ocr; text: PageText; pageNumber: number },
): Promise<void> {
  const { ocr, text, pageNumber } = options;
  for await (const image of pdfImages(page)) {
    const isFirstPage = pageNumber === 1;
    const blocks = await ocr.read(toPgm(image), { isFirstPage });
    for (const block of blocks) text.add(block);
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

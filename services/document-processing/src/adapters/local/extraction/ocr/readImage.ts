import { readFile } from 'node:fs/promises';
import type { ExtractedPage } from '../../../../domain/artefacts/pages';
import { PageText } from '../../../../domain/layout/Block';
import type { DocumentFile } from '../readDocument';
import { exifOrientation } from './exifOrientation';
import type { Ocr } from './Ocr';
import { tiffPages } from './tiffPages';

/**
 * The text in an image, or in each page of a TIFF.
 *
 * @throws Rejection when it is damaged, or too large
 */
export async function* readImage(
  { path, format }: DocumentFile,
  ocr: Ocr,
): AsyncGenerator<ExtractedPage> {
  const file = await readFile(path);
  const orientation = format === 'jpeg' ? exifOrientation(file) : 1;
  let pageNumber = 0;
  for (const image of format === 'tiff' ? tiffPages(file) : [file]) {
    pageNumber += 1;
    const text = new PageText();
    const blocks = await ocr.read(image, {
      isFirstPage: pageNumber === 1,
      exifOrientation: orientation,
    });
    for (const block of blocks) text.add(block);
    yield text.finish(pageNumber);
  }
}

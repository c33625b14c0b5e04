import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Block } from '../../../../domain/layout/Block';
import { toBlocks } from '../pdfLayout';
import { damagedImage, imageTooLarge } from '../rejections';
import { readTsv, type SeenText } from './readTsv';
import { OCR_FILES, type StartedTesseract, startTesseract } from './tesseract';

type PageBlock = Exclude<Block, { type: 'page-break' }>;

/** As Exif has it: upright; then by a quarter, by three quarters, and upside down. */
const UPRIGHT = 1;
const TURNED = [6, 8, 3, UPRIGHT];

/** In hundredths. Text that lies on its side is about 40, upright text above 90. */
const SURE = 70;
const BARELY_SURE = 50;

/** Reads printed English text in images. Started when there is the first one. */
export class Ocr {
  private started: Promise<StartedTesseract> | undefined;

  private constructor(
    private readonly options: { directory: string; ask(): Promise<void> },
  ) {}

  /**
   * @param options.directory - of {@link OCR_FILES}
   * @param options.ask - settles when an image may be read: it takes a core for seconds
   * @returns `undefined` when the files are not there
   */
  static open(options: {
    directory: string;
    ask(): Promise<void>;
  }): Ocr | undefined {
    const { directory } = options;
    return existsSync(join(directory, OCR_FILES.core))
      ? new Ocr(options)
      : undefined;
  }

  /**
   * The text of an image with its layout, as far as size and place of the letters tell it;
   * nothing when what is there does not look like text.
   *
   * @param image - PNG, JPEG, TIFF (its first page) or PNM
   * @throws Rejection when it is damaged, or too large
   */
  async read(
    image: Uint8Array,
    options: { isFirstPage: boolean; exifOrientation?: number },
  ): Promise<PageBlock[]> {
    await this.options.ask();
    this.started ??= startTesseract(this.options.directory);
    const tesseract = await this.started;
    tesseract.module.FS.writeFile('/input', image);
    const { isFirstPage, exifOrientation = UPRIGHT } = options;
    let best = see(tesseract, exifOrientation);
    for (const turned of TURNED) {
      if (best.items.length === 0 || best.confidence >= SURE) break;
      if (turned === exifOrientation) continue;
      const other = see(tesseract, turned);
      if (other.confidence > best.confidence) best = other;
    }
    if (best.confidence < BARELY_SURE) return [];
    return toBlocks(best.items, { isFirstPage });
  }
}

function see({ api }: StartedTesseract, exifOrientation: number): SeenText {
  if (api.SetImageFile(exifOrientation, 0) === 1) throw damagedImage();
  // Fails when there is no memory for a copy of the image.
  if (api.Recognize(null) !== 0) throw imageTooLarge();
  return readTsv(api.GetTSVText(0));
}

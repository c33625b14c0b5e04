import { createLogger } from '@genai-environments/service-kit';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { ExtractedPage } from '../../../../domain/artefacts/pages';
import type { Format } from '../../../../domain/Format';
import { buildExtractionProcess } from '../../../../testing/buildExtractionProcess';
import {
  makePdf,
  makeScannedPdf,
  readScan,
} from '../../../../testing/fixtures';
import { readInProcess } from '../readInProcess';
import { Turns } from '../Turns';

jest.setTimeout(120_000);

const logger = createLogger({ level: 'silent' });

const LETTER = [
  '# Harbour report',
  '## Goods of the year',
  'Ships came and went, more than\nin any year before.',
  '1. Timber of pine\n1. Salt from the coast',
  '| Month | Ships |\n| --- | --- |\n| January | 1204 |\n| February | 987 |',
].join('\n\n');

const TABLE = [
  ['Month', 'Ships'],
  ['January', '1204'],
  ['February', '987'],
];

/** Of the upright letter, in pixels. */
const SIZE = { width: 1100, height: 760 };

describe('text in images', () => {
  let directory: string;
  let entry: string;

  beforeAll(() => {
    entry = buildExtractionProcess();
    directory = mkdtempSync(join(tmpdir(), 'ocr-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  async function read(
    format: Format,
    content: Buffer,
    more: Partial<Parameters<typeof readInProcess>[1]> = {},
  ): Promise<ExtractedPage[]> {
    const path = join(mkdtempSync(join(directory, 'f-')), 'file');
    writeFileSync(path, content);
    const { signal } = new AbortController();
    const options = { entry, logger, signal, ...more };
    const pages: ExtractedPage[] = [];
    for await (const page of readInProcess({ path, format }, options)) {
      pages.push(page);
    }
    return pages;
  }

  it.each<[string, Format, () => Buffer]>([
    ['a PNG of black and white', 'png', () => readScan('letter.png')],
    ['a JPEG', 'jpeg', () => readScan('letter.jpg')],
    ['a JPEG whose camera was turned', 'jpeg', () => readScan('turned.jpg')],
    ['a JPEG that lies on its side', 'jpeg', sideways],
    ['a scanned PDF, by fax (CCITT)', 'pdf', () => readScan('letter.pdf')],
    [
      'a scanned PDF of JPEG',
      'pdf',
      () => makeScannedPdf(readScan('letter.jpg'), SIZE),
    ],
    [
      'a scanned PDF whose page is turned',
      'pdf',
      () =>
        makeScannedPdf(readScan('turned.jpg'), {
          ...{ width: SIZE.height, height: SIZE.width },
          rotate: 90,
        }),
    ],
  ])('is read with its layout: %s', async (_name, format, makeFile) => {
    expect(await read(format, makeFile())).toEqual([
      { pageNumber: 1, text: LETTER, tables: [TABLE] },
    ]);
  });

  it('is read on all pages of a TIFF', async () => {
    const pages = await read('tiff', readScan('letter.tiff'));
    expect(pages).toMatchObject([
      { pageNumber: 1, text: LETTER },
      { pageNumber: 2, text: 'The second page is short.' },
    ]);
  });

  it.each(['png', 'jpeg', 'tiff'] as const)(
    'fails alone when a %s is cut off',
    async format => {
      const name = `letter.${format === 'jpeg' ? 'jpg' : format}` as const;
      const cut = readScan(name).subarray(0, 200);
      await expect(read(format, cut)).rejects.toMatchObject({
        name: 'FileRejectedError',
        code: 'file_damaged',
      });
    },
  );

  it('is read one image at a time, of however many files', async () => {
    const turns = new Turns();
    let most = 0;
    let running = 0;
    const takeImageTurn = async (signal: AbortSignal) => {
      const end = await turns.take(signal);
      most = Math.max(most, ++running);
      return () => {
        running -= 1;
        end();
      };
    };
    const both = await Promise.all([
      read('tiff', readScan('letter.tiff'), { takeImageTurn }),
      read('png', readScan('letter.png'), { takeImageTurn }),
    ]);
    expect(both.map(({ length }) => length)).toEqual([2, 1]);
    expect([most, running]).toEqual([1, 0]);
  });

  it('gives its turn back when it is stopped', async () => {
    const stop = new AbortController();
    const turns = new Turns();
    const reading = read('png', readScan('letter.png'), {
      signal: stop.signal,
      async takeImageTurn(signal) {
        const end = await turns.take(signal);
        stop.abort(new Error('The worker stops'));
        return end;
      },
    });
    await expect(reading).rejects.toThrow('The worker stops');
    await turns.take(new AbortController().signal);
  });

  it('is refused with a reason where there is no OCR', async () => {
    const without = join(directory, 'without-ocr');
    cpSync(dirname(entry), without, {
      recursive: true,
      filter: path => basename(path) !== 'ocr',
    });
    const options = { entry: join(without, basename(entry)) };
    const refusal = { code: 'ocr_unavailable' };
    await expect(
      read('png', readScan('letter.png'), options),
    ).rejects.toMatchObject(refusal);
    await expect(
      read('pdf', makePdf(['image']), options),
    ).rejects.toMatchObject(refusal);
    const text = [{ text: 'words', x: 72, y: 700 }];
    const pages = await read('pdf', makePdf(['image', text]), options);
    expect(pages[0].warning).toContain('takes OCR');
  });
});

/** The turned image, without what its camera says. */
function sideways(): Buffer {
  const file = Buffer.from(readScan('turned.jpg'));
  file.write('xxxx', file.indexOf('Exif'), 'latin1');
  return file;
}

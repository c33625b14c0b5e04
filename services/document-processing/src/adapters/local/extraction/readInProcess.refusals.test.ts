import type { Format } from '../../../domain/Format';
import {
  docx,
  LAYOUT_PAGE,
  makeDocx,
  makePdf,
  makeXlsx,
  makeZipBomb,
  PNG,
} from '../../../testing/fixtures';
import { ProcessReader } from './testing/ProcessReader';

describe('files that cannot be read', () => {
  let reader: ProcessReader;

  beforeAll(() => {
    reader = new ProcessReader();
  });
  afterAll(() => reader.close());

  it.each<[string, Format, () => string | Buffer | Promise<Buffer>, string]>([
    ['a PNG named pdf', 'pdf', () => PNG, 'file_mislabelled'],
    ['a PDF named txt', 'txt', () => makePdf([[]]), 'file_mislabelled'],
    ['a PNG named txt', 'txt', () => PNG, 'file_mislabelled'],
    ['text named docx', 'docx', () => 'hello', 'file_mislabelled'],
    [
      'a workbook named docx',
      'docx',
      () => makeXlsx({ a: [['b']] }),
      'file_mislabelled',
    ],
    ['text named png', 'png', () => 'hello', 'file_mislabelled'],
    ['a picture', 'png', () => PNG, 'file_without_text'],
    [
      'an encrypted PDF',
      'pdf',
      () => makePdf([LAYOUT_PAGE], { encrypted: true }),
      'file_encrypted',
    ],
    [
      'an encrypted document',
      'docx',
      () => Buffer.from(`d0cf11e0a1b11ae1${'00'.repeat(600)}`, 'hex'),
      'file_encrypted',
    ],
    ['a PDF cut off', 'pdf', () => '%PDF-1.7\nnothing else', 'file_damaged'],
    [
      'a document cut off',
      'docx',
      async () => (await makeDocx(docx.paragraph('x'))).subarray(0, 300),
      'file_damaged',
    ],
    ['a row without an end', 'csv', () => 'ab'.repeat(2e6), 'file_damaged'],
    ['nothing but spaces', 'txt', () => ' \n\t ', 'file_without_text'],
    [
      'a zip bomb named docx',
      'docx',
      () => makeZipBomb('word/document.xml'),
      'file_too_large',
    ],
    [
      'a zip bomb named xlsx',
      'xlsx',
      () => makeZipBomb('xl/workbook.xml'),
      'file_too_large',
    ],
  ])('rejects %s', async (_name, format, content, code) => {
    expect(await reader.reasonOf(format, await content())).toBe(code);
  });
});

import { CellValue, Row, stream } from 'exceljs';
import type { Block } from '../../../domain/layout/Block';
import { toTables } from '../../../domain/layout/Block';
import { inspectZip } from './inspectZip';
import { damaged } from './rejections';

/** One page per sheet that holds something, with its rows as tables. */
export async function* readXlsx(path: string): AsyncGenerator<Block> {
  await inspectZip(path, 'xlsx');
  const workbook = new stream.xlsx.WorkbookReader(path, {
    worksheets: 'emit',
    sharedStrings: 'cache',
    styles: 'cache',
    hyperlinks: 'ignore',
    entries: 'ignore',
  });
  let isFirst = true;
  try {
    for await (const sheet of workbook) {
      if (!isFirst) yield { type: 'page-break' };
      isFirst = false;
      const { name } = sheet as unknown as { name: string };
      yield { type: 'heading', level: 2, text: name };
      yield* toTables(rowsOf(sheet));
    }
  } catch (error) {
    throw damaged('xlsx', error);
  }
}

async function* rowsOf(sheet: AsyncIterable<Row>): AsyncGenerator<string[]> {
  for await (const row of sheet) {
    const cells: string[] = [];
    row.eachCell({ includeEmpty: false }, (cell, column) => {
      while (cells.length < column - 1) cells.push('');
      cells.push(textOf(cell.value));
    });
    if (cells.some(cell => cell !== '')) yield cells;
  }
}

/** What a reader of the sheet sees, as far as the file tells. */
function textOf(value: CellValue | undefined): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) {
    const text = value.toISOString();
    return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text;
  }
  if (typeof value !== 'object') return String(value);
  if ('richText' in value) {
    return value.richText.map(({ text }) => text).join('');
  }
  if ('error' in value) return value.error;
  if ('text' in value) return textOf(value.text);
  if ('result' in value) return textOf(value.result);
  return '';
}

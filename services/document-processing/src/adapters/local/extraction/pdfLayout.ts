import type { Block } from '../../../domain/layout/Block';
import { joinLines, readListMark } from '../../../domain/layout/lines';

/** A run of text as pdf.js has it: `transform` ends with its position, from the bottom. */
export type PdfTextItem = {
  str: string;
  transform: number[];
  width: number;
  height: number;
  hasEOL: boolean;
};

type Cell = { x: number; end: number; text: string };

type Line = { y: number; height: number; cells: Cell[] };

/** In heights of the text: a gap inside of a line that divides columns. */
const COLUMN_GAP = 1.8;

/** In heights: a gap that is a space. */
const WORD_GAP = 0.2;

/** In heights: a distance between lines that begins a paragraph. */
const PARAGRAPH_GAP = 1.7;

const HEADING_SCALE = 1.15;
const TITLE_SCALE = 1.6;
const MAX_HEADING_CHARACTERS = 200;

/**
 * Layout of a page from where its text stands: lines, headings by size, lists by their
 * marks, tables by columns that stand below each other. Keeps the order of the file, which
 * is the reading order in all but strange ones, also with several columns of text.
 */
export function toBlocks(
  items: PdfTextItem[],
  { isFirstPage }: { isFirstPage: boolean },
): Array<Exclude<Block, { type: 'page-break' }>> {
  const lines = toLines(items);
  const bodyHeight = commonHeight(lines);
  const blocks: Array<Exclude<Block, { type: 'page-break' }>> = [];
  for (let index = 0; index < lines.length; ) {
    const rows = tableRows(lines, index);
    if (rows > 1) {
      const table = lines.slice(index, index + rows);
      blocks.push({ type: 'table', rows: toRows(table) });
      index += rows;
      continue;
    }
    addLine(blocks, lines, { index, bodyHeight, isFirstPage });
    index += 1;
  }
  return blocks;
}

function toLines(items: PdfTextItem[]): Line[] {
  const lines: Line[] = [];
  let line: Line | undefined;
  for (const item of items) {
    if (item.str === '') continue;
    const [x, y] = item.transform.slice(4);
    const height = item.height || Math.abs(item.transform[3]) || 1;
    const isBlank = item.str.trim() === '';
    const isSame = line && Math.abs(line.y - y) < line.height * 0.5;
    const last = line?.cells[line.cells.length - 1];
    const goesBack = last && x < last.x - height;
    if (line && isSame && !goesBack) {
      if (!isBlank) line.height = Math.max(line.height, height);
      appendTo(line, { x, end: x + item.width, text: item.str });
    } else if (!isBlank) {
      line = { y, height, cells: [] };
      lines.push(line);
      appendTo(line, { x, end: x + item.width, text: item.str });
    }
  }
  return lines;
}

function appendTo(line: Line, part: Cell): void {
  const last = line.cells[line.cells.length - 1];
  if (part.text.trim() === '') {
    // Spaces are often as wide as a column: the gap is what counts.
    if (last && part.end - last.end < line.height * COLUMN_GAP) {
      if (!last.text.endsWith(' ')) last.text += ' ';
    }
    return;
  }
  const gap = last ? part.x - last.end : 0;
  if (!last || gap > line.height * COLUMN_GAP) {
    line.cells.push({ ...part });
    return;
  }
  const needsSpace =
    gap > line.height * WORD_GAP && !/\s$/.test(last.text + part.text[0]);
  last.text += (needsSpace ? ' ' : '') + part.text;
  last.end = part.end;
}

/** The height in which most characters are set. */
function commonHeight(lines: Line[]): number {
  const characters = new Map<number, number>();
  for (const line of lines) {
    const height = Math.round(line.height * 2) / 2;
    const count = textOf(line).length + (characters.get(height) ?? 0);
    characters.set(height, count);
  }
  const [common] = [...characters].sort(([, a], [, b]) => b - a);
  return common ? common[0] : 1;
}

/** How many lines from here on are rows of one table. */
function tableRows(lines: Line[], from: number): number {
  const first = lines[from];
  if (first.cells.length < 2) return 0;
  let count = 1;
  while (from + count < lines.length) {
    const line = lines[from + count];
    const previous = lines[from + count - 1];
    const isBelow =
      line.y < previous.y && previous.y - line.y < first.height * 4;
    if (!isBelow || line.cells.length < 2 || !isAligned(first, line)) break;
    count += 1;
  }
  return count;
}

/** Columns begin, or end, below each other. */
function isAligned(first: Line, line: Line): boolean {
  const tolerance = first.height;
  const fitting = line.cells.filter(cell =>
    first.cells.some(
      other =>
        Math.abs(other.x - cell.x) < tolerance ||
        Math.abs(other.end - cell.end) < tolerance,
    ),
  );
  return fitting.length >= Math.min(2, line.cells.length);
}

/** Cells in the column of the first row that they are nearest to. */
function toRows(table: Line[]): string[][] {
  const widest = table.reduce((a, b) =>
    b.cells.length > a.cells.length ? b : a,
  );
  return table.map(({ cells }) => {
    const row: string[] = widest.cells.map(() => '');
    for (const cell of cells) {
      const distance = (other: Cell) =>
        Math.min(Math.abs(other.x - cell.x), Math.abs(other.end - cell.end));
      let nearest = 0;
      widest.cells.forEach((other, column) => {
        if (distance(other) < distance(widest.cells[nearest])) nearest = column;
      });
      row[nearest] = `${row[nearest]} ${cell.text}`.trim();
    }
    return row;
  });
}

function addLine(
  blocks: Array<Exclude<Block, { type: 'page-break' }>>,
  lines: Line[],
  options: { index: number; bodyHeight: number; isFirstPage: boolean },
): void {
  const { index, bodyHeight, isFirstPage } = options;
  const line = lines[index];
  const text = textOf(line);
  const scale = line.height / bodyHeight;
  const last = blocks[blocks.length - 1];
  if (scale >= HEADING_SCALE && text.length <= MAX_HEADING_CHARACTERS) {
    const level = isFirstPage && scale >= TITLE_SCALE ? 1 : 2;
    const goesOn =
      last?.type === 'heading' && last.level === level && isNext(lines, index);
    if (goesOn) last.text += ` ${text}`;
    else blocks.push({ type: 'heading', level, text });
    return;
  }
  const item = readListMark(text);
  if (item) {
    blocks.push({ type: 'list-item', depth: 0, ...item });
    return;
  }
  const goesOn =
    (last?.type === 'paragraph' || last?.type === 'list-item') &&
    isNext(lines, index);
  if (goesOn) last.text = joinLines(last.text, text);
  else blocks.push({ type: 'paragraph', text });
}

/** Whether a line stands right below the one before. */
function isNext(lines: Line[], index: number): boolean {
  if (index === 0) return false;
  const { y, height } = lines[index - 1];
  const distance = y - lines[index].y;
  return distance > 0 && distance < height * PARAGRAPH_GAP;
}

function textOf({ cells }: Line): string {
  return cells.map(({ text }) => text.trim()).join(' ');
}

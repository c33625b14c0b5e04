import type { ExtractedPage, Table } from '../artefacts/pages';

/** A piece of layout, in reading order. */
export type Block =
  | { type: 'heading'; level: number; text: string }
  | { type: 'paragraph'; text: string }
  | { type: 'list-item'; depth: number; ordered: boolean; text: string }
  | { type: 'code'; text: string }
  | { type: 'table'; rows: Table }
  | { type: 'page-break' };

/** A format without pages of its own gets pages of at most about this many characters. */
export const PAGE_CHARACTERS = 1_000_000;

/** The text of one page and its tables. */
export class PageText {
  length = 0;
  private readonly parts: string[] = [];
  private readonly tables: Table[] = [];
  private last: Block['type'] | undefined;

  get isEmpty(): boolean {
    return this.parts.length === 0;
  }

  add(block: Exclude<Block, { type: 'page-break' }>): void {
    const text = toMarkdown(block);
    if (text === '') return;
    if (block.type === 'table') this.tables.push(block.rows);
    const isNextItem = block.type === 'list-item' && this.last === 'list-item';
    if (this.last) this.parts.push(isNextItem ? '\n' : '\n\n');
    this.parts.push(text);
    this.length += text.length;
    this.last = block.type;
  }

  finish(pageNumber: number): ExtractedPage {
    return { pageNumber, text: this.parts.join(''), tables: this.tables };
  }
}

/** Gathers blocks to pages whose text is Markdown. */
export async function* toPages(
  blocks: AsyncIterable<Block> | Iterable<Block>,
): AsyncGenerator<ExtractedPage> {
  let pageNumber = 1;
  let page = new PageText();
  for await (const block of blocks) {
    if (block.type !== 'page-break') page.add(block);
    if (block.type === 'page-break' || page.length > PAGE_CHARACTERS) {
      yield page.finish(pageNumber);
      pageNumber += 1;
      page = new PageText();
    }
  }
  if (!page.isEmpty || pageNumber === 1) yield page.finish(pageNumber);
}

function toMarkdown(block: Exclude<Block, { type: 'page-break' }>): string {
  switch (block.type) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${block.text}`;
    case 'list-item': {
      const mark = block.ordered ? '1.' : '-';
      return `${'  '.repeat(block.depth)}${mark} ${block.text}`;
    }
    case 'code':
      return `\`\`\`\n${block.text}\n\`\`\``;
    case 'table':
      return tableToMarkdown(block.rows);
    default:
      return block.text;
  }
}

function tableToMarkdown(rows: Table): string {
  if (rows.length === 0) return '';
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const line = (row: string[]) =>
    `| ${Array.from({ length: width }, (_, column) =>
      (row[column] ?? '').replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|'),
    ).join(' | ')} |`;
  const [header, ...body] = rows;
  const rule = `|${' --- |'.repeat(width)}`;
  return [line(header), rule, ...body.map(line)].join('\n');
}

/** Tables of at most this many characters; a longer one goes on in the next. */
const TABLE_CHARACTERS = 250_000;

/** Rows as tables that can be read alone: each begins with the first row. */
export async function* toTables(
  rows: AsyncIterable<string[]>,
): AsyncGenerator<Block> {
  let header: string[] | undefined;
  let table: Table = [];
  let size = 0;
  for await (const row of rows) {
    header ??= row;
    if (table.length === 0 && row !== header) table.push(header);
    table.push(row);
    size += row.reduce((sum, cell) => sum + cell.length + 3, 0);
    if (size > TABLE_CHARACTERS) {
      yield { type: 'table', rows: table };
      table = [];
      size = 0;
    }
  }
  if (table.length > 0) yield { type: 'table', rows: table };
}

import type { ExtractedPage, Table } from '../../../domain/artefacts/pages';
import { type Block, PageText } from '../../../domain/layout/Block';
import { joinLines, readListMark } from '../../../domain/layout/lines';
import type { PageBlocks } from './PageBlocks';
import type { TextBlock } from './TextBlock';

type PageBlock = Exclude<Block, { type: 'page-break' }>;

/**
 * Layout of a page in reading order. Tables stand where their words do: Textract finds them
 * apart from the layout, and names both by the words in them. What belongs to no layout
 * comes last, so that nothing is lost.
 */
class PageLayout {
  private readonly blocks: PageBlock[] = [];
  private readonly tableOfWord = new Map<string, TextBlock>();
  private readonly done = new Set<string>();

  constructor(private readonly page: PageBlocks) {}

  toBlocks(): PageBlock[] {
    const { page } = this;
    const tables = page.ofType(type => type === 'TABLE');
    for (const table of tables) this.registerWords(table);
    const layout = page.ofType(type => type.startsWith('LAYOUT_'));
    const inLists = new Set(
      layout
        .filter(({ type }) => type === 'LAYOUT_LIST')
        .flatMap(({ children }) => children),
    );
    for (const block of layout) {
      if (!inLists.has(block.id)) this.addLayout(block);
    }
    const lines = page.ofType(type => type === 'LINE');
    this.addLines(lines.filter(({ id }) => !this.done.has(id)));
    for (const table of tables) this.addTable(table);
    return this.blocks;
  }

  private addLayout(block: TextBlock): void {
    if (block.type === 'LAYOUT_LIST') {
      for (const item of this.page.childrenOf(block)) this.addListItem(item);
      return;
    }
    this.addLines(this.page.childrenOf(block), headingLevel(block.type));
  }

  /** An item is a line, or a text of several. */
  private addListItem(item: TextBlock): void {
    const isLine = item.type === 'LINE';
    this.addLines(isLine ? [item] : this.page.childrenOf(item), 'list-item');
  }

  /** Lines of a table are the table; a layout may name the table itself, too. */
  private addLines(blocks: TextBlock[], as?: number | 'list-item'): void {
    let texts: string[] = [];
    const flush = () => {
      if (texts.length > 0) this.blocks.push(toBlock(texts, as));
      texts = [];
    };
    for (const block of blocks) {
      const table = block.type === 'TABLE' ? block : this.tableOf(block);
      if (table) {
        flush();
        this.addTable(table);
      } else if (block.type === 'LINE') {
        texts.push(block.text);
      }
      if (block.type === 'LINE') this.done.add(block.id);
    }
    flush();
  }

  private registerWords(table: TextBlock): void {
    for (const cell of this.page.childrenOf(table)) {
      for (const word of cell.children) this.tableOfWord.set(word, table);
    }
  }

  private tableOf({ children }: TextBlock): TextBlock | undefined {
    const [table] = children.map(word => this.tableOfWord.get(word));
    const isWhole = children.every(
      word => this.tableOfWord.get(word) === table,
    );
    return isWhole ? table : undefined;
  }

  private addTable(table: TextBlock): void {
    if (this.done.has(table.id)) return;
    this.done.add(table.id);
    const rows = this.toRows(table);
    if (rows.length > 0) this.blocks.push({ type: 'table', rows });
  }

  private toRows(table: TextBlock): Table {
    const cells = this.page
      .childrenOf(table)
      .filter(({ type }) => type === 'CELL');
    const height = Math.max(0, ...cells.map(({ row }) => row));
    const width = Math.max(0, ...cells.map(({ column }) => column));
    const rows: Table = Array.from({ length: height }, () =>
      new Array<string>(width).fill(''),
    );
    for (const cell of cells) {
      const words = this.page.childrenOf(cell).map(textOf);
      rows[cell.row - 1][cell.column - 1] = words.join(' ');
    }
    return rows;
  }
}

/** The text of a page with its layout as Markdown, and its tables. */
export function toExtractedPage(page: PageBlocks): ExtractedPage {
  const text = new PageText();
  for (const block of new PageLayout(page).toBlocks()) text.add(block);
  return text.finish(page.pageNumber);
}

/** `undefined` for what is no heading. */
function headingLevel(type: string): number | undefined {
  if (type === 'LAYOUT_TITLE') return 1;
  return type === 'LAYOUT_SECTION_HEADER' ? 2 : undefined;
}

function toBlock(texts: string[], as?: number | 'list-item'): PageBlock {
  if (typeof as === 'number') {
    return { type: 'heading', level: as, text: texts.join(' ') };
  }
  const text = texts.reduce(joinLines);
  if (as === undefined) return { type: 'paragraph', text };
  const item = readListMark(text) ?? { ordered: false, text };
  return { type: 'list-item', depth: 0, ...item };
}

function textOf({ type, text, isSelected }: TextBlock): string {
  if (type !== 'SELECTION_ELEMENT') return text;
  return isSelected ? '[x]' : '[ ]';
}

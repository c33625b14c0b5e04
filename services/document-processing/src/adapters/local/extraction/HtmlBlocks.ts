import type { Block } from '../../../domain/layout/Block';

const SKIPPED = new Set(
  'script style noscript template svg math iframe object canvas select'.split(
    ' ',
  ),
);
const BREAKING = new Set(
  'address article aside blockquote body caption dd details dialog div dl dt fieldset figcaption figure footer form header hr html legend li main nav ol p section summary table tbody td tfoot th thead title tr ul'.split(
    ' ',
  ),
);

/** Marks a page break in the HTML that is made of documents. */
export const PAGE_BREAK_CLASS = 'page-break';

/** Nesting beyond this adds nothing to what is read. */
const MAX_LIST_DEPTH = 10;

type OpenTable = { rows: string[][] };

/** Takes the events of an HTML parser and makes blocks of them. */
export class HtmlBlocks {
  private blocks: Block[] = [];
  private text: string[] = [];
  private skipDepth = 0;
  private preDepth = 0;
  private headingLevel = 0;
  private readonly lists: boolean[] = [];
  private inItem = false;
  private table: OpenTable | undefined;
  private tableDepth = 0;

  /** What is complete by now. */
  take(): Block[] {
    const { blocks } = this;
    this.blocks = [];
    return blocks;
  }

  onopentag(name: string, attributes: Record<string, string>): void {
    if (SKIPPED.has(name)) this.skipDepth += 1;
    if (this.skipDepth > 0) return;
    if (name === 'br') this.text.push(this.table ? ' ' : '\n');
    else if (name === 'table') this.openTable();
    else if (this.table) this.openInTable(name);
    else this.openInFlow(name, attributes);
  }

  ontext(text: string): void {
    if (this.skipDepth > 0) return;
    this.text.push(this.preDepth > 0 ? text : text.replace(/\s+/g, ' '));
  }

  onclosetag(name: string): void {
    if (SKIPPED.has(name)) {
      this.skipDepth = Math.max(0, this.skipDepth - 1);
      return;
    }
    if (this.skipDepth > 0) return;
    if (name === 'table') this.closeTable();
    else if (this.table) this.closeInTable(name);
    else this.closeInFlow(name);
  }

  /** Ends the block that is being read. */
  flush(): void {
    const raw = this.text.join('');
    this.text = [];
    const isCode = this.preDepth > 0;
    const text = isCode ? raw.replace(/^\n|\s+$/g, '') : tidy(raw);
    if (text.trim() === '') return;
    if (this.headingLevel > 0) {
      const line = text.replaceAll('\n', ' ');
      this.blocks.push({
        type: 'heading',
        level: this.headingLevel,
        text: line,
      });
    } else if (isCode) {
      this.blocks.push({ type: 'code', text });
    } else if (this.inItem) {
      this.blocks.push({
        type: 'list-item',
        depth: Math.min(Math.max(this.lists.length - 1, 0), MAX_LIST_DEPTH),
        ordered: this.lists[this.lists.length - 1] ?? false,
        text,
      });
    } else {
      this.blocks.push({ type: 'paragraph', text });
    }
  }

  private openInFlow(name: string, attributes: Record<string, string>): void {
    const level = headingLevel(name);
    if (level > 0 || BREAKING.has(name) || name === 'pre') this.flush();
    if (level > 0) this.headingLevel = level;
    else if (name === 'title') this.headingLevel = 1;
    else if (name === 'pre') this.preDepth += 1;
    else if (name === 'ul' || name === 'ol') this.lists.push(name === 'ol');
    else if (name === 'li') this.inItem = true;
    else if (name === 'hr' && attributes.class === PAGE_BREAK_CLASS) {
      this.blocks.push({ type: 'page-break' });
    }
  }

  private closeInFlow(name: string): void {
    const level = headingLevel(name);
    if (level > 0 || BREAKING.has(name) || name === 'pre') this.flush();
    if (level > 0 || name === 'title') this.headingLevel = 0;
    else if (name === 'pre') this.preDepth = Math.max(0, this.preDepth - 1);
    else if (name === 'li') this.inItem = false;
    else if (name === 'ul' || name === 'ol') {
      this.lists.pop();
      this.inItem = false;
    }
  }

  private openTable(): void {
    this.tableDepth += 1;
    if (this.table) return;
    this.flush();
    this.table = { rows: [] };
  }

  private openInTable(name: string): void {
    if (name === 'tr' && this.tableDepth === 1) this.table!.rows.push([]);
    else if (name === 'td' || name === 'th') {
      if (this.tableDepth === 1) this.text = [];
      else this.text.push(' ');
    } else if (BREAKING.has(name)) this.text.push(' ');
  }

  private closeInTable(name: string): void {
    const isCell = (name === 'td' || name === 'th') && this.tableDepth === 1;
    if (!isCell) {
      if (BREAKING.has(name)) this.text.push(' ');
      return;
    }
    const { rows } = this.table!;
    if (rows.length === 0) rows.push([]);
    rows[rows.length - 1].push(tidy(this.text.join('')));
    this.text = [];
  }

  private closeTable(): void {
    this.tableDepth = Math.max(0, this.tableDepth - 1);
    if (this.tableDepth > 0 || !this.table) return;
    const rows = this.table.rows.filter(row => row.some(cell => cell !== ''));
    this.table = undefined;
    this.text = [];
    if (rows.length > 0) this.blocks.push({ type: 'table', rows });
  }
}

function headingLevel(name: string): number {
  return /^h[1-6]$/.test(name) ? Number(name[1]) : 0;
}

function tidy(text: string): string {
  return text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .trim();
}

import type { TextBlock } from './TextBlock';

/** The blocks of one page, until all of them are there. */
export class PageBlocks {
  /** In the order in which they came, which is that of reading. */
  readonly blocks = new Map<string, TextBlock>();
  private readonly missing = new Set<string>();
  private hasPage = false;

  constructor(readonly pageNumber: number) {}

  add(block: TextBlock): void {
    this.blocks.set(block.id, block);
    this.missing.delete(block.id);
    if (block.type === 'PAGE') this.hasPage = true;
    for (const child of block.children) {
      if (!this.blocks.has(child)) this.missing.add(child);
    }
  }

  /** Whether it has everything that its page, and what that consists of, names. */
  get isComplete(): boolean {
    return this.hasPage && this.missing.size === 0;
  }

  ofType(isOfType: (type: string) => boolean): TextBlock[] {
    return [...this.blocks.values()].filter(({ type }) => isOfType(type));
  }

  childrenOf(block: TextBlock): TextBlock[] {
    return block.children.flatMap(id => this.blocks.get(id) ?? []);
  }
}

import type { Block as WireBlock } from '@aws-sdk/client-textract';
import { PageBlocks } from './PageBlocks';
import { toTextBlock } from './TextBlock';

/**
 * Gathers blocks to pages. Answers of Textract end anywhere in a page; so that memory holds
 * a few pages and not thousands, each one is given away as soon as it is complete.
 */
export class PageCollector {
  private readonly pages = new Map<number, PageBlocks>();
  private next = 1;
  private highest = 0;

  add(blocks: readonly WireBlock[]): void {
    for (const block of blocks) {
      const pageNumber = block.Page ?? 1;
      let page = this.pages.get(pageNumber);
      if (!page) {
        page = new PageBlocks(pageNumber);
        this.pages.set(pageNumber, page);
      }
      page.add(toTextBlock(block));
      this.highest = Math.max(this.highest, pageNumber);
    }
  }

  /** Complete pages, in order; the last one may still get more. */
  *takeComplete(): Generator<PageBlocks> {
    while (this.next < this.highest) {
      const page = this.pages.get(this.next);
      if (!page?.isComplete) return;
      this.pages.delete(this.next);
      this.next += 1;
      yield page;
    }
  }

  /** Everything that is left; pages up to `pageCount` without blocks are empty. */
  *takeRest({ pageCount }: { pageCount: number }): Generator<PageBlocks> {
    const last = Math.max(pageCount, this.highest);
    for (; this.next <= last; this.next++) {
      yield this.pages.get(this.next) ?? new PageBlocks(this.next);
      this.pages.delete(this.next);
    }
  }
}

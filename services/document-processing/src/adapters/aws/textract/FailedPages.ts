import type { GetDocumentAnalysisCommandOutput } from '@aws-sdk/client-textract';
import type { ExtractedPage } from '../../../domain/artefacts/pages';

/** Pages that Textract gave up, of files that it could read otherwise. */
export class FailedPages {
  private readonly numbers = new Set<number>();

  add({ Warnings = [] }: GetDocumentAnalysisCommandOutput): void {
    for (const { Pages = [] } of Warnings) {
      for (const page of Pages) this.numbers.add(page);
    }
  }

  mark(page: ExtractedPage): ExtractedPage {
    const { pageNumber } = page;
    if (!this.numbers.has(pageNumber)) return page;
    return {
      ...page,
      warning: `Amazon Textract could not read page ${pageNumber}, or only parts of it.`,
    };
  }
}

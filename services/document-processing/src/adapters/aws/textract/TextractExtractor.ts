import type {
  GetDocumentAnalysisCommandOutput,
  TextractClient,
} from '@aws-sdk/client-textract';
import type { Logger, ObjectStore } from '@genai-environments/service-kit';
import type { ExtractedPage } from '../../../domain/artefacts/pages';
import type {
  ExtractionSource,
  TextExtractor,
} from '../../../ports/TextExtractor';
import { noText } from '../../local/extraction/rejections';
import { assertContent, toFileRejected } from './assertContent';
import { FailedPages } from './FailedPages';
import { toExtractedPage } from './PageLayout';
import { PageCollector } from './PageCollector';
import {
  DEFAULT_PACE,
  TextractAnalysis,
  TextractPace,
} from './TextractAnalysis';
import { unreadable } from './textractErrors';

/** An analysis that failed inside of Textract is ordered once more. */
const MAX_ATTEMPTS = 2;

type Part = GetDocumentAnalysisCommandOutput;

/**
 * Reads images and PDF files, scanned ones too, with Amazon Textract: layout and tables. All
 * other files are read by `local`.
 */
export class TextractExtractor implements TextExtractor {
  constructor(
    private readonly options: {
      client: TextractClient;
      /** Where `objects` are, in the region of the client. */
      bucket: string;
      objects: ObjectStore;
      local: TextExtractor;
      logger: Logger;
      pace?: Partial<TextractPace>;
    },
  ) {}

  async *extract(
    source: ExtractionSource,
    { signal }: { signal: AbortSignal },
  ): AsyncGenerator<ExtractedPage> {
    const { client, objects, local } = this.options;
    if (!isForTextract(source)) {
      yield* local.extract(source, { signal });
      return;
    }
    await assertContent(objects, source);
    const pace = { ...DEFAULT_PACE, ...this.options.pace };
    const analysis = new TextractAnalysis({ client, pace, signal });
    let hasText = false;
    for await (const page of this.analyze(source, analysis)) {
      if (page.text !== '') hasText = true;
      yield page;
    }
    if (!hasText) throw toFileRejected(noText());
  }

  /** Closes its connections. */
  close(): void {
    this.options.client.destroy();
  }

  private async *analyze(
    { key }: ExtractionSource,
    analysis: TextractAnalysis,
  ): AsyncGenerator<ExtractedPage> {
    const { jobId, first } = await this.order(key, analysis);
    const failed = new FailedPages();
    const collector = new PageCollector();
    let part = first;
    for (;;) {
      failed.add(part);
      collector.add(part.Blocks ?? []);
      for (const page of collector.takeComplete()) {
        yield failed.mark(toExtractedPage(page));
      }
      if (!part.NextToken) break;
      part = await analysis.read(jobId, part.NextToken);
    }
    const pageCount = first.DocumentMetadata?.Pages ?? 0;
    for (const page of collector.takeRest({ pageCount })) {
      yield failed.mark(toExtractedPage(page));
    }
  }

  private async order(
    key: string,
    analysis: TextractAnalysis,
  ): Promise<{ jobId: string; first: Part }> {
    const { bucket, logger } = this.options;
    for (let attempt = 1; ; attempt++) {
      const jobId = await analysis.start({ bucket, key }, attempt);
      const first = await analysis.untilEnded(jobId);
      if (first.JobStatus !== 'FAILED') return { jobId, first };
      const cause = first.StatusMessage;
      logger.warn({ jobId, cause, attempt }, 'Textract failed on a file');
      if (!/internal/i.test(cause ?? '') || attempt === MAX_ATTEMPTS) {
        throw unreadable(cause);
      }
    }
  }
}

function isForTextract({ format }: ExtractionSource): boolean {
  return ['pdf', 'png', 'jpeg', 'tiff'].includes(format);
}

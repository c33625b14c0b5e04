import { createLogger } from '@genai-environments/service-kit';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExtractedPage } from '../../../../domain/artefacts/pages';
import type { Format } from '../../../../domain/Format';
import { buildExtractionProcess } from '../../../../testing/buildExtractionProcess';
import { readInProcess } from '../readInProcess';

type Options = Parameters<typeof readInProcess>[1];

/** Reads contents as files, each in a process of its own, as the extractor does. */
export class ProcessReader {
  /** For files of tests; removed by {@link close}. */
  readonly directory = mkdtempSync(join(tmpdir(), 'read-in-process-'));
  private readonly options: Options = {
    entry: buildExtractionProcess(),
    logger: createLogger({ level: 'silent' }),
    signal: new AbortController().signal,
  };

  open(format: Format, content: string | Buffer, more: Partial<Options> = {}) {
    const path = join(this.directory, 'file');
    writeFileSync(path, content);
    return readInProcess({ path, format }, { ...this.options, ...more });
  }

  async read(
    ...content: Parameters<ProcessReader['open']>
  ): Promise<ExtractedPage[]> {
    const pages: ExtractedPage[] = [];
    for await (const page of this.open(...content)) pages.push(page);
    return pages;
  }

  /** The code of the rejection. */
  reasonOf(format: Format, content: string | Buffer): Promise<string> {
    return this.read(format, content).then(
      () => 'it was read',
      error => error.code,
    );
  }

  close(): void {
    rmSync(this.directory, { recursive: true });
  }
}

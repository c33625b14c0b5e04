import type { ObjectStore } from '@genai-environments/service-kit';
import { PassThrough, Readable } from 'node:stream';
import type { JobFile } from '../Job';
import { pagesKey, tablesKey } from '../objectKeys';
import { readLineDocument, writeLineDocument } from './lineDocument';

/** Rows of cells. */
export type Table = string[][];

/** What was read of one page. Numbers count from 1. */
export type ExtractedPage = {
  pageNumber: number;
  text: string;
  tables: Table[];
  /** What could not be read of it, for people. */
  warning?: string;
};

type StoredPage = { page_number: number; page_text: string };

/** Written while the text is, and only when there is something to write. */
class TablesArtefact {
  count = 0;
  private readonly items = new PassThrough({ objectMode: true });
  private written: Promise<unknown> | undefined;

  constructor(
    private readonly options: { objects: ObjectStore; file: JobFile },
  ) {
    // Told to whoever reads it, if anybody does.
    this.items.on('error', () => {});
  }

  async add(pageNumber: number, tables: Table[]): Promise<void> {
    if (tables.length === 0) return;
    this.count += tables.length;
    this.written ??= this.write();
    const item = { page_number: pageNumber, tables };
    if (this.items.write(item)) return;
    await Promise.race([
      new Promise(resolve => this.items.once('drain', resolve)),
      this.written,
    ]);
  }

  async finish(): Promise<void> {
    this.items.end();
    await this.written;
  }

  async abandon(): Promise<void> {
    this.items.destroy(new Error('The text could not be written'));
    await this.written?.catch(() => {});
  }

  private write(): Promise<unknown> {
    const { objects, file } = this.options;
    const document = writeLineDocument(this.items, around(file));
    const written = objects.put(tablesKey(file), Readable.from(document), {
      contentType: 'application/json',
    });
    // Whoever adds or finishes hears of a failure; nobody may be doing so just now.
    written.catch(() => {});
    return written;
  }
}

/**
 * Stores pages as they come: the artefact of their text and, when there are tables, the
 * artefact of tables beside it. Nothing is visible before all of it is written.
 */
export async function storePages(
  pages: AsyncIterable<ExtractedPage>,
  options: { objects: ObjectStore; file: JobFile },
): Promise<{ pageCount: number; tableCount: number; warnings: string[] }> {
  const { objects, file } = options;
  const tables = new TablesArtefact(options);
  let pageCount = 0;
  const warnings: string[] = [];

  async function* texts(): AsyncGenerator<StoredPage> {
    for await (const { pageNumber, text, tables: found, warning } of pages) {
      pageCount += 1;
      if (warning) warnings.push(warning);
      await tables.add(pageNumber, found);
      yield { page_number: pageNumber, page_text: text };
    }
    await tables.finish();
  }

  try {
    await objects.put(
      pagesKey(file),
      Readable.from(writeLineDocument(texts(), around(file))),
      { contentType: 'application/json' },
    );
  } catch (error) {
    await tables.abandon();
    throw error;
  }
  return { pageCount, tableCount: tables.count, warnings };
}

/** Pages of an artefact in order; `undefined` when there is no such artefact. */
export async function openPages(
  objects: ObjectStore,
  file: { jobId: string; id: string },
): Promise<AsyncIterable<{ pageNumber: number; text: string }> | undefined> {
  const stored = await objects.get(pagesKey(file));
  if (!stored) return undefined;
  return (async function* pages() {
    for await (const page of readLineDocument<StoredPage>(stored.body)) {
      yield { pageNumber: page.page_number, text: page.page_text };
    }
  })();
}

function around(file: JobFile): { head: string; tail: string } {
  const head = JSON.stringify({ job_id: file.jobId, file_name: file.fileName });
  return { head: `${head.slice(0, -1)},"pages":`, tail: '}' };
}

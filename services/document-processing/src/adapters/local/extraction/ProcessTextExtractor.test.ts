import { createLogger, FileObjectStore } from '@genai-environments/service-kit';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildExtractionProcess } from '../../../testing/buildExtractionProcess';
import { makeXlsx } from '../../../testing/fixtures';
import { ProcessTextExtractor } from './ProcessTextExtractor';

describe('ProcessTextExtractor', () => {
  let directory: string;
  let temporaryDirectory: string;
  let objects: FileObjectStore;
  let extractor: ProcessTextExtractor;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'process-text-extractor-'));
    temporaryDirectory = join(directory, 'tmp');
    objects = new FileObjectStore({
      directory: join(directory, 'objects'),
      baseUrl: () => 'http://127.0.0.1',
      signingKey: Buffer.alloc(32),
    });
    extractor = new ProcessTextExtractor({
      objects,
      entry: buildExtractionProcess(),
      temporaryDirectory,
      logger: createLogger({ level: 'silent' }),
    });
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const { signal } = new AbortController();

  it('reads what was uploaded, and leaves no file behind', async () => {
    // The sheets come before their strings, so that the parser keeps them in files.
    const workbook = await makeXlsx({ People: [['name'], ['Ada']] });
    await objects.put('a', workbook, { contentType: 'application/zip' });
    const source = { key: 'a', fileName: 'a.xlsx', format: 'xlsx' as const };
    const texts: string[] = [];
    for await (const page of extractor.extract(source, { signal })) {
      expect(readdirSync(temporaryDirectory)).toHaveLength(1);
      texts.push(page.text);
    }
    expect(texts).toEqual([expect.stringContaining('| Ada |')]);
    expect(readdirSync(temporaryDirectory)).toEqual([]);
  });

  it('leaves no file behind when nobody wants the rest', async () => {
    await objects.put('a', 'one\ftwo', { contentType: 'text/plain' });
    const source = { key: 'a', fileName: 'a.txt', format: 'txt' as const };
    for await (const page of extractor.extract(source, { signal })) {
      expect(page.text).toBe('one');
      break;
    }
    expect(readdirSync(temporaryDirectory)).toEqual([]);
  });

  it('says when the upload is gone', async () => {
    const source = { key: 'a', fileName: 'a.txt', format: 'txt' as const };
    await expect(
      extractor.extract(source, { signal })[Symbol.asyncIterator]().next(),
    ).rejects.toMatchObject({
      name: 'DependencyError',
      message: 'The uploaded file is gone.',
    });
    expect(readdirSync(temporaryDirectory)).toEqual([]);
  });
});

import { createLogger } from '@genai-environments/service-kit';
import { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { ExtractedPage } from '../../../domain/artefacts/pages';
import type { Format } from '../../../domain/Format';
import { buildExtractionProcess } from '../../../testing/buildExtractionProcess';
import {
  docx,
  LAYOUT_PAGE,
  makeDocx,
  makePdf,
  makeXlsx,
  makeZipBomb,
  PNG,
} from '../../../testing/fixtures';
import { readInProcess } from './readInProcess';

const logger = createLogger({ level: 'silent' });

const activeHandles = () =>
  (process as unknown as { _getActiveHandles(): object[] })._getActiveHandles();

describe('reading a file in a process', () => {
  let directory: string;
  let entry: string;

  beforeAll(() => {
    entry = buildExtractionProcess();
    directory = mkdtempSync(join(tmpdir(), 'read-in-process-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  function writeFile(content: string | Buffer): string {
    const path = join(directory, 'file');
    writeFileSync(path, content);
    return path;
  }

  async function read(
    format: Format,
    content: string | Buffer,
    more: Partial<Parameters<typeof readInProcess>[1]> = {},
  ): Promise<ExtractedPage[]> {
    const path = writeFile(content);
    const pages: ExtractedPage[] = [];
    const options = {
      entry,
      logger,
      signal: new AbortController().signal,
      ...more,
    };
    for await (const page of readInProcess({ path, format }, options)) {
      pages.push(page);
    }
    return pages;
  }
  const reasonOf = (format: Format, content: string | Buffer) =>
    read(format, content).then(
      () => 'it was read',
      error => error.code,
    );

  it('reads text, whatever its encoding and line ends', async () => {
    const text = (content: string | Buffer) =>
      read('txt', content).then(([page]) => page.text);
    expect(await text('Ünï 世界 \u2028 😀\r\nx\ry')).toBe(
      'Ünï 世界 \u2028 😀\nx\ny',
    );
    expect(await text('\ufeffmark')).toBe('mark');
    expect(await text(Buffer.from('\ufeffwide', 'utf16le'))).toBe('wide');
    expect(await text(Buffer.from('caf\u00e9', 'latin1'))).toBe('café');
    expect(await text('BM, MZ and PK are letters too')).toContain('BM');
  });

  it('ends pages of text at form feeds and before they are too long', async () => {
    expect((await read('txt', 'one\ftwo\f')).map(page => page.text)).toEqual([
      'one',
      'two',
    ]);
    const line = `${'x'.repeat(99)}\n`;
    const pages = await read('txt', line.repeat(25_000));
    expect(pages.map(({ pageNumber }) => pageNumber)).toEqual([1, 2, 3]);
    expect(pages.map(({ text }) => text).join('\n')).toBe(line.repeat(25_000));
  });

  it('reads the layout of HTML', async () => {
    const [page] = await read(
      'html',
      `<!doctype html><title>Guide</title><style>p{}</style><h2>Setup &amp; run</h2>
       <p>First <b>bold</b><br>line</p><script>alert(1)</script>
       <ul><li>one<ul><li>inner</li></ul></li><li>two</li></ul>
       <table><tr><th>a</th><th>b|c</th></tr><tr><td>1</td><td><table><tr><td>2</td></tr></table></td></tr></table>
       <pre>  kept
  as is</pre>tail`,
    );
    expect(page.text).toBe(
      [
        '# Guide',
        '## Setup & run',
        'First bold\nline',
        '- one\n  - inner\n- two',
        '| a | b\\|c |\n| --- | --- |\n| 1 | 2 |',
        '```\n  kept\n  as is\n```',
        'tail',
      ].join('\n\n'),
    );
    expect(page.tables).toEqual([
      [
        ['a', 'b|c'],
        ['1', '2'],
      ],
    ]);
  });

  it('reads CSV with quotes and whichever delimiter it has', async () => {
    const [page] = await read('csv', 'name;note\n"A; B";"say ""hi"""\nC;\n');
    expect(page.tables).toEqual([
      [
        ['name', 'note'],
        ['A; B', 'say "hi"'],
        ['C', ''],
      ],
    ]);
    expect(page.text).toContain('| A; B | say "hi" |');
  });

  it('repeats the first row in each part of a long table', async () => {
    const rows = Array.from(
      { length: 30_000 },
      (_, id) => `${id},${'v'.repeat(30)}`,
    );
    const pages = await read('csv', ['id,value', ...rows].join('\n'));
    const tables = pages.flatMap(page => page.tables);
    expect(tables.length).toBeGreaterThan(1);
    expect(tables.every(([header]) => header[0] === 'id')).toBe(true);
    expect(tables.flatMap(([, ...body]) => body)).toHaveLength(30_000);
  });

  it('reads JSON and JSON lines as they are', async () => {
    expect((await read('json', ' {"a":[1]} '))[0].text).toBe(' {"a":[1]} ');
    expect((await read('jsonl', '{"a":1}\n\n{"b":2}'))[0].text).toBe(
      '{"a":1}\n\n{"b":2}',
    );
    expect(await reasonOf('json', '{"a":')).toBe('file_damaged');
    expect(await reasonOf('jsonl', '{"a":1}\nnope')).toBe('file_damaged');
    expect(await reasonOf('json', '['.repeat(100_000))).toBe('file_too_large');
  });

  it('reads the layout of a PDF', async () => {
    const [first, second] = await read(
      'pdf',
      makePdf([LAYOUT_PAGE, [{ text: 'Page two', x: 72, y: 700 }]]),
    );
    expect(first.text).toBe(
      [
        '# Annual report',
        '## Summary',
        'Revenue grew in every region\nand costs did not.',
        'A second paragraph stands alone.',
        '- first point\n- second point',
        '| Region | Revenue |\n| --- | --- |\n| North | 12.5 |\n| South | 7 |',
      ].join('\n\n'),
    );
    expect(first.tables).toEqual([
      [
        ['Region', 'Revenue'],
        ['North', '12.5'],
        ['South', '7'],
      ],
    ]);
    expect(second).toMatchObject({ pageNumber: 2, text: 'Page two' });
  });

  it('tells of pages that are pictures', async () => {
    const text = [{ text: 'words', x: 72, y: 700 }];
    const pages = await read('pdf', makePdf(['image', text]));
    expect(pages[0].warning).toContain('Page 1 is an image');
    const withoutText = makePdf(['image', 'image']);
    expect(await reasonOf('pdf', withoutText)).toBe('file_without_text');
    expect(await reasonOf('pdf', makePdf([[]]))).toBe('file_without_text');
  });

  it('reads a Word document with headings, tables and page breaks', async () => {
    const pages = await read(
      'docx',
      await makeDocx(
        docx.paragraph('Intro', 'Heading1') +
          docx.paragraph('Body text') +
          docx.table([
            ['k', 'v'],
            ['a', '1'],
          ]) +
          docx.pageBreak +
          docx.paragraph('Second page'),
      ),
    );
    expect(pages).toHaveLength(2);
    expect(pages[0].text).toContain('Body text');
    expect(pages[0].tables).toEqual([
      [
        ['k', 'v'],
        ['a', '1'],
      ],
    ]);
    expect(pages[1].text).toBe('Second page');
  });

  it('reads the sheets of a workbook', async () => {
    const pages = await read(
      'xlsx',
      await makeXlsx({
        People: [
          ['name', 'born'],
          ['Ada', new Date('1815-12-10T00:00:00Z')],
          ['Sum', { formula: 'A1', result: 3 }],
        ],
        Größe: [[null, 'second column'], [1.5]],
      }),
    );
    expect(pages.map(({ pageNumber }) => pageNumber)).toEqual([1, 2]);
    expect(pages[0].text).toContain('## People');
    expect(pages[0].tables).toEqual([
      [
        ['name', 'born'],
        ['Ada', '1815-12-10'],
        ['Sum', '3'],
      ],
    ]);
    expect(pages[1].tables).toEqual([[['', 'second column'], ['1.5']]]);
  });

  it('ends a process that takes too long or too much memory', async () => {
    const rows = `${'value,'.repeat(20)}\n`.repeat(100_000);
    await expect(read('csv', rows, { deadlineMs: 20 })).rejects.toMatchObject({
      name: 'FileRejectedError',
      code: 'file_too_large',
      message: expect.stringContaining('longer than 0.02 s'),
    });
    const large = JSON.stringify(Array(4_000_000).fill([1]));
    await expect(read('json', large, { heapMiB: 24 })).rejects.toMatchObject({
      code: 'file_too_large',
      message: expect.stringContaining('more memory'),
    });
  });

  it('leaves no process behind', async () => {
    const pages = readInProcess(
      { path: writeFile('one\ftwo'), format: 'txt' },
      { entry, logger, signal: new AbortController().signal },
    );
    await pages.next();
    const isRunning = (handle: object) =>
      handle instanceof ChildProcess &&
      handle.exitCode === null &&
      handle.signalCode === null;
    expect(activeHandles().filter(isRunning)).toHaveLength(1);
    await pages.return(undefined);
    expect(activeHandles().filter(isRunning)).toEqual([]);
  });

  it('gives the parser neither files of others nor variables', async () => {
    const outside = join(tmpdir(), `${basename(directory)}.secret`);
    writeFileSync(outside, 'secret');
    const probe = join(directory, 'probe.mjs');
    writeFileSync(
      probe,
      `import { readFileSync, writeFileSync } from 'node:fs';
       import { spawnSync } from 'node:child_process';
       const refusal = attempt => { try { return attempt(), 'done'; } catch (error) { return error.code; } };
       process.once('message', () => process.send({ type: 'rejected', message: '', code: [
         refusal(() => readFileSync(${JSON.stringify(outside)})),
         refusal(() => writeFileSync(${JSON.stringify(outside)}, '')),
         refusal(() => spawnSync('true')),
         process.env.HOME ?? 'no HOME',
       ].join() }, () => process.disconnect()));`,
    );
    try {
      await expect(read('txt', 'x', { entry: probe })).rejects.toMatchObject({
        code: 'ERR_ACCESS_DENIED,ERR_ACCESS_DENIED,ERR_ACCESS_DENIED,no HOME',
      });
    } finally {
      rmSync(outside);
      rmSync(probe);
    }
  });

  it('stops when it is told to, for another reason than the file', async () => {
    const stop = new AbortController();
    const { signal } = stop;
    stop.abort(new Error('The worker stops'));
    await expect(read('txt', 'x', { signal })).rejects.toThrow(
      'The worker stops',
    );
  });

  it.each<[string, Format, () => string | Buffer | Promise<Buffer>, string]>([
    ['a PNG named pdf', 'pdf', () => PNG, 'file_mislabelled'],
    ['a PDF named txt', 'txt', () => makePdf([[]]), 'file_mislabelled'],
    ['a PNG named txt', 'txt', () => PNG, 'file_mislabelled'],
    ['text named docx', 'docx', () => 'hello', 'file_mislabelled'],
    [
      'a workbook named docx',
      'docx',
      () => makeXlsx({ a: [['b']] }),
      'file_mislabelled',
    ],
    ['text named png', 'png', () => 'hello', 'file_mislabelled'],
    ['a picture', 'png', () => PNG, 'file_without_text'],
    [
      'an encrypted PDF',
      'pdf',
      () => makePdf([LAYOUT_PAGE], { encrypted: true }),
      'file_encrypted',
    ],
    [
      'an encrypted document',
      'docx',
      () => Buffer.from(`d0cf11e0a1b11ae1${'00'.repeat(600)}`, 'hex'),
      'file_encrypted',
    ],
    ['a PDF cut off', 'pdf', () => '%PDF-1.7\nnothing else', 'file_damaged'],
    [
      'a document cut off',
      'docx',
      async () => (await makeDocx(docx.paragraph('x'))).subarray(0, 300),
      'file_damaged',
    ],
    ['nothing but spaces', 'txt', () => ' \n\t ', 'file_without_text'],
    [
      'a zip bomb named docx',
      'docx',
      () => makeZipBomb('word/document.xml'),
      'file_too_large',
    ],
    [
      'a zip bomb named xlsx',
      'xlsx',
      () => makeZipBomb('xl/workbook.xml'),
      'file_too_large',
    ],
  ])('rejects %s', async (_name, format, content, code) => {
    expect(await reasonOf(format, await content())).toBe(code);
  });
});

import {
  docx,
  LAYOUT_PAGE,
  makeDocx,
  makePdf,
  makeXlsx,
} from '../../../testing/fixtures';
import { ProcessReader } from './testing/ProcessReader';

describe('reading files of each format', () => {
  let reader: ProcessReader;

  beforeAll(() => {
    reader = new ProcessReader();
  });
  afterAll(() => reader.close());

  it('reads text, whatever its encoding and line ends', async () => {
    const text = (content: string | Buffer) =>
      reader.read('txt', content).then(([page]) => page.text);
    expect(await text('Ünï 世界 \u2028 😀\r\nx\ry')).toBe(
      'Ünï 世界 \u2028 😀\nx\ny',
    );
    expect(await text('\ufeffmark')).toBe('mark');
    expect(await text(Buffer.from('\ufeffwide', 'utf16le'))).toBe('wide');
    expect(await text(Buffer.from('caf\u00e9', 'latin1'))).toBe('café');
    expect(await text('BM, MZ and PK are letters too')).toContain('BM');
  });

  it('ends pages of text at form feeds and before they are too long', async () => {
    expect(
      (await reader.read('txt', 'one\ftwo\f')).map(page => page.text),
    ).toEqual(['one', 'two']);
    const line = `${'x'.repeat(99)}\n`;
    const pages = await reader.read('txt', line.repeat(25_000));
    expect(pages.map(({ pageNumber }) => pageNumber)).toEqual([1, 2, 3]);
    expect(pages.map(({ text }) => text).join('\n')).toBe(line.repeat(25_000));
  });

  it('reads the layout of HTML', async () => {
    const [page] = await reader.read(
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
    const [page] = await reader.read(
      'csv',
      'name;note\n"A; B";"say ""hi"""\nC;\n',
    );
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
    const pages = await reader.read('csv', ['id,value', ...rows].join('\n'));
    const tables = pages.flatMap(page => page.tables);
    expect(tables.length).toBeGreaterThan(1);
    expect(tables.every(([header]) => header[0] === 'id')).toBe(true);
    expect(tables.flatMap(([, ...body]) => body)).toHaveLength(30_000);
  });

  it('reads JSON and JSON lines as they are', async () => {
    expect((await reader.read('json', ' {"a":[1]} '))[0].text).toBe(
      ' {"a":[1]} ',
    );
    expect((await reader.read('jsonl', '{"a":1}\n\n{"b":2}'))[0].text).toBe(
      '{"a":1}\n\n{"b":2}',
    );
    expect(await reader.reasonOf('json', '{"a":')).toBe('file_damaged');
    expect(await reader.reasonOf('jsonl', '{"a":1}\nnope')).toBe(
      'file_damaged',
    );
    expect(await reader.reasonOf('json', '['.repeat(100_000))).toBe(
      'file_too_large',
    );
  });

  it('reads the layout of a PDF', async () => {
    const [first, second] = await reader.read(
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
    const pages = await reader.read('pdf', makePdf(['image', text]));
    expect(pages[0].warning).toContain('Page 1 is an image');
    const withoutText = makePdf(['image', 'image']);
    expect(await reader.reasonOf('pdf', withoutText)).toBe('file_without_text');
    expect(await reader.reasonOf('pdf', makePdf([[]]))).toBe(
      'file_without_text',
    );
  });

  it('reads a Word document with headings, tables and page breaks', async () => {
    const pages = await reader.read(
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
    const pages = await reader.read(
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
});

import * as fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodeTable } from './CodeTable';
import { IndexFile } from './IndexFile';
import { IndexReader } from './IndexReader';
import { toMatchExpression, wordsOf } from './matchExpression';
import { quantize } from './quantize';
import { TopList } from './TopList';
import { WordTable } from './WordTable';

const WORDS = 'ba ce di fo gu ha je ki lo mu'.split(' ');
const wordArb = fc.constantFrom(...WORDS);
const textArb = fc
  .array(wordArb, { minLength: 1, maxLength: 40 })
  .map(words => words.join(' '));

describe('WordTable', () => {
  let directory: string;
  let file: IndexFile;
  let reader: IndexReader;
  let files = 0;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'word-table-'));
    open();
  });
  afterEach(() => {
    file.close();
    rmSync(directory, { recursive: true });
  });

  /** An index of its own. */
  function open(): void {
    file?.close();
    file = new IndexFile(join(directory, `${files++}.sqlite`));
    reader = new IndexReader({ file, maxCachedBytes: 1024 * 1024 });
  }
  const document = { chunkingJobId: 'job', fileName: 'a.txt' };
  const put = (texts: string[], from = 0) =>
    file.upsert({
      document,
      metadata: {},
      chunks: texts.map((text, at) => ({
        chunkId: String(from + at),
        position: from + at,
        text,
        vector: Float32Array.of(1, 0),
      })),
    });
  const find = (text: string, limit = 50) =>
    reader.searchByText({ text, limit });
  /** What FTS5 itself says of all the words. */
  const byFts5 = (text: string) =>
    file
      .sql(
        `SELECT chunk_id AS chunkId, rank FROM chunk_text JOIN chunk ON id = chunk_text.rowid
         WHERE chunk_text MATCH ? ORDER BY rank, chunk_text.rowid LIMIT 50`,
      )
      .all(toMatchExpression([...new Set(wordsOf(text))]));
  const expectAsFts5 = (text: string) => {
    const expected = byFts5(text);
    const found = find(text);
    expect(found.map(({ score }) => score)).toEqual(
      expected.map(({ rank }) => expect.closeTo(-(rank as number), 6)),
    );
    expect(new Set(found.map(({ chunkId }) => chunkId))).toEqual(
      new Set(expected.map(({ chunkId }) => chunkId)),
    );
  };

  it('ranks as FTS5 does, also what was added after a search', () => {
    fc.assert(
      fc.property(
        fc.array(textArb, { minLength: 1, maxLength: 20 }),
        fc.array(textArb, { maxLength: 20 }),
        fc.array(wordArb, { minLength: 1, maxLength: 5 }),
        (texts, more, words) => {
          open();
          put(texts);
          const query = words.join(' ');
          expectAsFts5(query);
          put(more, texts.length);
          expectAsFts5(query);
          expectAsFts5(WORDS.join(' '));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('reads again what grew by much', () => {
    put(['ba ce', 'ba']);
    expectAsFts5('ba ce');
    put(
      Array.from({ length: 1500 }, (_, at) => WORDS.slice(at % 9).join(' ')),
      2,
    );
    expectAsFts5('ba ce mu');
  });

  it('leaves out what was removed or replaced', () => {
    put(['ba', 'ba ce', 'ba di', 'fo']);
    find('ba');
    put(['gu'], 1);
    file.trim(document, 3);
    const found = find('ba fo gu').map(({ chunkId }) => chunkId);
    expect(found.sort()).toEqual(['0', '1', '2']);
    expect(find('ce fo')).toEqual([]);
  });

  it('forgets the words that were searched for longest ago', () => {
    put(Array.from({ length: 40 }, (_, at) => WORDS.slice(at % 10).join(' ')));
    const codes = new CodeTable(2);
    for (let id = 1; id <= 40; id++) {
      const { scale, code } = quantize(Float32Array.of(1, 0));
      codes.add({ id, documentNo: 1, pageNumber: null, scale, code });
    }
    const table = new WordTable({ file, codes, maxBytes: 400 });
    const ranked = (words: string[]) => {
      const best = new TopList(50);
      table.search(words, best);
      return best.entries();
    };
    const first = ranked(['lo', 'mu']);
    expect(first).toHaveLength(40);
    const { bytes } = table;
    for (const word of WORDS) ranked([word]);
    expect(table.bytes).toBeLessThanOrEqual(bytes);
    expect(ranked(['lo', 'mu'])).toEqual(first);
  });

  it('finds words of any script as they are written', () => {
    const texts = [
      'Café in Zürich, naïve Ångström',
      'Η Ελλάδα και η Αθήνα',
      'Йод и ещё ёлка',
      'Đường Việt Nam',
      '한국어 검색',
      'がぎぐ パン',
      'ﬁne ①',
      'İstanbul Straße',
      'कुत्ता नमस्ते',
    ];
    put(texts);
    for (const [at, text] of texts.entries()) {
      for (const word of wordsOf(text)) {
        expect(find(word).map(({ chunkId }) => chunkId)).toContain(String(at));
      }
    }
    expect(find('cafe zurich angstrom')).toHaveLength(1);
    expect(find('ΑΘΉΝΑ ЕЩЁ')).toHaveLength(2);
  });
});

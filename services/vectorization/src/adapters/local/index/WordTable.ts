import type { CodeTable, RowTest } from './CodeTable';
import { GrowingArray } from './GrowingArray';
import type { IndexFile } from './IndexFile';
import { wordsOf } from './matchExpression';
import type { TopList } from './TopList';

/** Where a word stands: slots of the code table, ascending, and how often in each. */
type Postings = {
  slots: Int32Array;
  counts: Uint8Array;
  /** Slots from here on were not looked at. */
  upTo: number;
};

const BYTES_PER_POSTING = 5;
/** More new rows than this are read from the beginning: that takes less. */
const MAX_EXTENSION = 1000;

/** Of BM25, as FTS5 has them. */
const K1 = 1.2;
const B = 0.75;
const LEAST_WEIGHT = 1e-6;

/**
 * Ranks the rows of a code table by words (BM25). The places of a word are read from FTS5 when
 * somebody first searches for it, and stay in memory: FTS5 itself takes a microsecond for every
 * row that holds any of the words, which is most of them for a question.
 */
export class WordTable {
  /** Tokens per row. */
  private readonly lengths = new GrowingArray(Int32Array);
  private totalLength = 0;
  private scores = new Float64Array(0);
  /** Least recently used first. */
  private readonly postings = new Map<string, Postings>();
  private postingBytes = 0;

  constructor(
    private readonly options: {
      file: IndexFile;
      codes: CodeTable;
      /** What places of words may take in memory, about. */
      maxBytes: number;
    },
  ) {}

  get bytes(): number {
    return this.postingBytes + this.scores.byteLength + this.lengths.length * 4;
  }

  /** Offers ids of the rows that hold any of the words, with their scores. */
  search(words: string[], best: TopList, test?: RowTest): void {
    const { codes } = this.options;
    this.readLengths();
    const scores = this.clearScores();
    for (const word of words) this.addScores(this.postingsOf(word), scores);

    let floor = Math.max(0, best.floor);
    for (let slot = 0; slot < codes.length; slot++) {
      if (!(scores[slot] > floor) || !codes.hasSlot(slot, test)) continue;
      best.offer(codes.idAt(slot), scores[slot]);
      floor = Math.max(0, best.floor);
    }
    this.forget();
  }

  private addScores(postings: Postings, scores: Float64Array): void {
    const { slots, counts } = postings;
    const lengths = this.lengths.view;
    const rows = this.options.codes.length;
    const weight = Math.max(
      LEAST_WEIGHT,
      Math.log((rows - slots.length + 0.5) / (slots.length + 0.5)),
    );
    const perToken = (K1 * B * rows) / this.totalLength;
    for (let at = 0; at < slots.length; at++) {
      const slot = slots[at];
      const count = counts[at];
      const norm = K1 * (1 - B) + perToken * lengths[slot];
      scores[slot] += (weight * count * (K1 + 1)) / (count + norm);
    }
  }

  private postingsOf(word: string): Postings {
    const known = this.postings.get(word);
    const current = known ? this.catchUp(word, known) : this.read(word);
    this.postingBytes +=
      (current.slots.length - (known?.slots.length ?? 0)) * BYTES_PER_POSTING;
    this.postings.delete(word);
    this.postings.set(word, current);
    return current;
  }

  private catchUp(word: string, known: Postings): Postings {
    const missing = this.options.codes.length - known.upTo;
    if (missing === 0) return known;
    return missing > MAX_EXTENSION ? this.read(word) : this.extend(word, known);
  }

  /** One string of numbers, because a row of SQLite for each would take seven times as long. */
  private read(word: string): Postings {
    const row = this.options.file
      .sql(
        'SELECT json_group_array(doc) AS ids FROM temp.occurrence WHERE term = ?',
      )
      .get(word);
    const ids = JSON.parse(row!.ids as string) as number[];
    const slots: number[] = [];
    const counts: number[] = [];
    let last = -1;
    this.visit(ids, slot => {
      if (slot === last) counts[counts.length - 1] += 1;
      else {
        slots.push(slot);
        counts.push(1);
        last = slot;
      }
    });
    return this.pack(slots, counts);
  }

  private extend(word: string, known: Postings): Postings {
    const { file, codes } = this.options;
    const slots = [...known.slots];
    const counts = [...known.counts];
    const rows = file
      .sql(
        `SELECT chunk.id, chunk.text FROM chunk_text JOIN chunk ON chunk.id = chunk_text.rowid
         WHERE chunk_text MATCH ? AND chunk_text.rowid > ? ORDER BY chunk_text.rowid`,
      )
      .all(`"${word}"`, known.upTo === 0 ? 0 : codes.idAt(known.upTo - 1));
    this.visit(
      rows.map(({ id }) => id as number),
      (slot, at) => {
        slots.push(slot);
        const text = rows[at].text as string;
        counts.push(wordsOf(text).filter(each => each === word).length);
      },
      known.upTo,
    );
    return this.pack(slots, counts);
  }

  private pack(slots: number[], counts: number[]): Postings {
    return {
      slots: Int32Array.from(slots),
      counts: Uint8Array.from(counts, count => Math.min(count, 255)),
      upTo: this.options.codes.length,
    };
  }

  /** Tokens of the rows that came since. @see https://www.sqlite.org/fts5.html#the_docsize_table */
  private readLengths(): void {
    const { file, codes } = this.options;
    const start = this.lengths.length;
    if (start === codes.length) return;
    const row = file
      .sql(
        `SELECT json_group_array(id) AS ids, json_group_array(hex(sz)) AS sizes
         FROM chunk_text_docsize WHERE id > ?`,
      )
      .get(start === 0 ? 0 : codes.idAt(start - 1));
    const sizes = JSON.parse(row!.sizes as string) as string[];
    while (this.lengths.length < codes.length) this.lengths.push(0);
    this.visit(
      JSON.parse(row!.ids as string) as number[],
      (slot, at) => {
        const length = parseVarint(sizes[at]);
        this.lengths.set(slot, length);
        this.totalLength += length;
      },
      start,
    );
  }

  /** Walks ids, which ascend, with their slots; ids that have none are left out. */
  private visit(
    ids: number[],
    use: (slot: number, at: number) => void,
    start = 0,
  ): void {
    const { codes } = this.options;
    let slot = start;
    for (let at = 0; at < ids.length; at++) {
      while (slot < codes.length && codes.idAt(slot) < ids[at]) slot += 1;
      if (slot === codes.length) return;
      if (codes.idAt(slot) === ids[at]) use(slot, at);
    }
  }

  private clearScores(): Float64Array {
    const { length } = this.options.codes;
    if (this.scores.length < length) {
      this.scores = new Float64Array(Math.ceil(length * 1.25));
    } else this.scores.fill(0);
    return this.scores;
  }

  private forget(): void {
    for (const [word, { slots }] of this.postings) {
      if (this.postingBytes <= this.options.maxBytes) return;
      this.postingBytes -= slots.length * BYTES_PER_POSTING;
      this.postings.delete(word);
    }
  }
}

/** Seven bits per byte, the highest first; the eighth says that more follow. */
function parseVarint(hex: string): number {
  let value = 0;
  for (const byte of Buffer.from(hex, 'hex')) {
    value = value * 128 + (byte % 128);
    if (byte < 128) break;
  }
  return value;
}

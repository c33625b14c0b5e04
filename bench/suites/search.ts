/** Child process of search.mjs: result over IPC. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { getLoadablePath } from 'sqlite-vec';
import { embedText } from '../../services/model-invocation/src/adapters/local/embedding/embedText';
import { CodeTable } from '../../services/vectorization/src/adapters/local/index/CodeTable';
import { ThreadedVectorIndex } from '../../services/vectorization/src/adapters/local/index/ThreadedVectorIndex';
import { parseFilter } from '../../services/vectorization/src/domain/filter';
import { bundleIndexThread } from '../../services/vectorization/src/testing/bundleThread';

const CHUNKS = 100_000;
const DIMENSION = 384;
const FILES = 500;
const QUERIES = 200;
const BATCH = 32;
const SYLLABLES =
  'ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo za'.split(' ');

let state = 20_251_124;
function random(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}

function makeWord(): string {
  const length = 2 + Math.floor(random() * 3);
  return Array.from({ length }, () => pick(SYLLABLES)).join('');
}

function pick<T>(items: T[]): T {
  return items[Math.floor(random() * items.length)];
}

/** Texts of 30 words: half of one of 300 topics, half of a language with Zipf's law. */
function makeTexts(): string[] {
  const words = Array.from({ length: 20_000 }, makeWord);
  const topics = Array.from({ length: 300 }, () =>
    Array.from({ length: 80 }, () => pick(words)),
  );
  const common = () => words[Math.floor(words.length ** random()) - 1];
  return Array.from({ length: CHUNKS }, () => {
    const topic = pick(topics);
    return Array.from({ length: 30 }, (_, index) =>
      index % 2 ? pick(topic) : common(),
    ).join(' ');
  });
}

/** Some words of some chunk, in the order in which they stand there. */
function makeQuery(texts: string[]): string {
  const words = pick(texts).split(' ');
  const start = Math.floor(random() * 20);
  return words.slice(start, start + 4 + Math.floor(random() * 6)).join(' ');
}

/** `cpuMs`, of all threads, does not grow with what else a machine does. */
type Times = { ms: number[]; cpuMs: number[] };

async function timeEach<T>(
  items: T[],
  work: (item: T) => unknown,
): Promise<Times> {
  const times: Times = { ms: [], cpuMs: [] };
  for (const item of items) {
    const startedAt = performance.now();
    const before = process.cpuUsage();
    await work(item);
    const { user, system } = process.cpuUsage(before);
    times.ms.push(performance.now() - startedAt);
    times.cpuMs.push((user + system) / 1000);
  }
  return times;
}

function exactSearch(vectors: Float32Array[], query: Float32Array): number[] {
  const best: Array<[number, number]> = [];
  vectors.forEach((vector, id) => {
    let score = 0;
    for (let at = 0; at < DIMENSION; at++) score += vector[at] * query[at];
    if (best.length < 10 || score > best[9][0]) {
      best.push([score, id]);
      best.sort((a, b) => b[0] - a[0]);
      best.length = Math.min(best.length, 10);
    }
  });
  return best.map(([, id]) => id);
}

function openSqliteVec(directory: string, vectors: Float32Array[]) {
  const database = new DatabaseSync(join(directory, 'reference.sqlite'), {
    allowExtension: true,
  });
  database.loadExtension(getLoadablePath());
  database.exec(
    `CREATE VIRTUAL TABLE v USING vec0 (e float[${DIMENSION}] distance_metric=cosine); BEGIN`,
  );
  const insert = database.prepare('INSERT INTO v (rowid, e) VALUES (?, ?)');
  vectors.forEach((vector, id) => insert.run(BigInt(id), vector));
  database.exec('COMMIT');
  const select = database.prepare(
    'SELECT rowid FROM v WHERE e MATCH ? AND k = 10',
  );
  return {
    search: (query: Float32Array) => select.all(query),
    close: () => database.close(),
  };
}

async function build(
  index: ThreadedVectorIndex,
  texts: string[],
  vectors: Float32Array[],
): Promise<number> {
  const perFile = CHUNKS / FILES;
  const startedAt = performance.now();
  for (let file = 0; file < FILES; file++) {
    for (let first = 0; first < perFile; first += BATCH) {
      const length = Math.min(BATCH, perFile - first);
      await index.upsert('bench', {
        document: { chunkingJobId: 'job', fileName: `${file}.txt` },
        metadata: { team: file % 10 },
        chunks: Array.from({ length }, (_, at) => {
          const id = file * perFile + first + at;
          return {
            chunkId: String(id),
            position: first + at,
            pageNumber: 1 + Math.floor((first + at) / 4),
            text: texts[id],
            vector: vectors[id],
          };
        }),
      });
    }
  }
  return (performance.now() - startedAt) / 1000;
}

async function measure(directory: string) {
  const texts = makeTexts();
  const vectors = texts.map(text => Float32Array.from(embedText(text)));
  const queries = Array.from({ length: QUERIES }, () => {
    const text = makeQuery(texts);
    return { text, vector: Float32Array.from(embedText(text)) };
  });

  const thread = bundleIndexThread(directory);
  const open = () => new ThreadedVectorIndex({ thread, index: { directory } });
  let index = open();
  await index.create('bench');
  const buildSeconds = await build(index, texts, vectors);
  await index.close();
  index = open();

  const limit = 10;
  const search = ({ vector }: { vector: Float32Array }) =>
    index.searchByVector('bench', { vector, limit });
  const [coldMs] = (await timeEach(queries.slice(0, 1), search)).ms;
  await timeEach(queries.slice(0, 50), search);

  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const vector = await timeEach(queries, search);
  loop.disable();
  const exact: number[][] = [];
  const javascript = await timeEach(queries, query =>
    exact.push(exactSearch(vectors, query.vector)),
  );
  let common = 0;
  for (const [at, query] of queries.entries()) {
    const ids = (await search(query)).map(({ chunkId }) => Number(chunkId));
    common += ids.filter(id => exact[at].includes(id)).length;
  }
  const filter = parseFilter({ team: 3, page_number: { $lte: 25 } });
  const filtered = await timeEach(queries, query =>
    index.searchByVector('bench', { vector: query.vector, limit, filter }),
  );
  const rankWords = ({ text }: { text: string }) =>
    index.searchByText('bench', { text, limit: 40 });
  const newWords = await timeEach(queries, rankWords);
  const words = await timeEach(queries, rankWords);
  const hybrid = await timeEach(queries, query =>
    Promise.all([
      index.searchByVector('bench', { vector: query.vector, limit: 40 }),
      index.searchByText('bench', { text: query.text, limit: 40 }),
    ]),
  );
  const document = { chunkingJobId: 'job', fileName: 'new.txt' };
  const changing = await timeEach(queries, async query => {
    const chunk = { chunkId: 'n', position: 0, ...query };
    await index.upsert('bench', { document, metadata: {}, chunks: [chunk] });
    await search(query);
  });
  const bytesPerChunk = statSync(join(directory, 'bench.sqlite')).size / CHUNKS;
  await index.close();

  const sqliteVec = openSqliteVec(directory, vectors);
  const reference = await timeEach(queries.slice(0, 50), query =>
    sqliteVec.search(query.vector),
  );
  sqliteVec.close();

  return {
    chunks: CHUNKS,
    buildSeconds,
    bytesPerChunk,
    textBytes: Math.round(texts.join('').length / CHUNKS),
    memoryPerChunk: CodeTable.bytesFor(DIMENSION, CHUNKS) / CHUNKS,
    coldMs,
    recall: common / (QUERIES * 10),
    loopDelayMs: loop.max / 1e6,
    searches: [
      { what: 'vector', ...vector },
      { what: 'vector, by metadata and page', ...filtered },
      { what: 'vector, after replacing a chunk', ...changing },
      { what: 'words, never searched for', ...newWords },
      { what: 'words', ...words },
      { what: 'hybrid', ...hybrid },
      { what: 'reference: exact, JavaScript', ...javascript },
      { what: 'reference: exact, sqlite-vec', ...reference },
    ],
  };
}

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'genai-bench-'));
  try {
    process.send!({ measured: await measure(directory) });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});

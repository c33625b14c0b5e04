/**
 * `npm run soak:sizes`: ingests the largest documents that an environment must take, one after
 * the other, and looks how much memory all its processes have meanwhile.
 */
import {
  createWriteStream,
  mkdtempSync,
  openAsBlob,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  makePdf,
  makeXlsx,
} from '../../services/document-processing/src/testing/fixtures';
import { TestEnvironment } from './support/environment';
import { readEvents } from './support/events';
import { peakMemory } from './support/memory';

const LIMIT_MIB = 512;
const TEXT_BYTES = 100 * 1024 * 1024;
const WORDS =
  'leave portal office visitor badge report table invoice contract month'.split(
    ' ',
  );

type Ingest = {
  status: string;
  files: Array<{ reason?: string }>;
  chunking_job_id: string;
};

/** A sentence that differs from the others. */
function sentence(at: number): string {
  const words = Array.from(
    { length: 11 },
    (_, i) => WORDS[(at * (i + 3) + i * i) % WORDS.length],
  );
  return `${at}: the ${words.join(' ')}.`;
}

async function writeText(path: string): Promise<void> {
  function* lines() {
    let written = 0;
    for (let at = 0; written < TEXT_BYTES; at++) {
      const line = `${sentence(at)}\n`;
      written += line.length;
      yield line;
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(path));
}

function writePdf(path: string): void {
  const pages = Array.from({ length: 300 }, (_page, page) =>
    Array.from({ length: 45 }, (_line, line) => ({
      text: sentence(page * 45 + line),
      x: 72,
      y: 740 - line * 15,
    })),
  );
  writeFileSync(path, makePdf(pages));
}

async function writeWorkbook(path: string): Promise<void> {
  const rows = Array.from({ length: 10_000 }, (_, row) => [
    row,
    ...Array.from({ length: 9 }, (_cell, column) => sentence(row * 9 + column)),
  ]);
  writeFileSync(path, await makeXlsx({ Rows: rows }));
}

const DOCUMENTS: Array<
  [name: string, write: (path: string) => void | Promise<void>]
> = [
  ['300 pages.pdf', writePdf],
  ['100 MiB.txt', writeText],
  ['10,000 rows.xlsx', writeWorkbook],
];

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'genai-sizes-'));
  const environment = await TestEnvironment.start();
  try {
    const token = await environment.createCaller('sizes');
    const indexId = await createIndex(environment, token);
    for (const [name, write] of DOCUMENTS) {
      const path = join(directory, name);
      await write(path);
      await measure(environment, { token, indexId, name, path });
    }
  } finally {
    await environment.dispose();
    rmSync(directory, { recursive: true });
  }
}

async function createIndex(
  environment: TestEnvironment,
  token: string,
): Promise<string> {
  const post = async (path: string, json: object) => {
    const init = { method: 'POST', token, json };
    const response = await environment.fetch(path, init);
    return response.json() as Promise<Record<string, string>>;
  };
  const store = { store_name: 'sizes', store_type: 'local' };
  const { store_id: storeId } = await post('/vector/store/create', store);
  const index = { store_id: storeId, index_name: 'sizes' };
  return (await post('/vector/store/index/create', index)).index_id;
}

async function measure(
  environment: TestEnvironment,
  file: { token: string; indexId: string; name: string; path: string },
): Promise<void> {
  const since = performance.now();
  const { value, peakMiB } = await peakMemory(
    environment.pid,
    ingest(environment, file),
  );
  const seconds = ((performance.now() - since) / 1000).toFixed(1);
  const reason = value.files[0].reason ?? '';
  const isGood = value.status === 'COMPLETED' && peakMiB < LIMIT_MIB;
  if (!isGood) process.exitCode = 1;
  console.log(
    `${isGood ? 'pass' : 'FAIL'}  ${file.name}: ${value.status} ${reason}` +
      `in ${seconds} s, at most ${peakMiB} MiB`,
  );
}

async function ingest(
  environment: TestEnvironment,
  {
    token,
    indexId,
    name,
    path,
  }: { token: string; indexId: string; name: string; path: string },
): Promise<Ingest> {
  const body = new FormData();
  body.set('index_id', indexId);
  body.append('files', await openAsBlob(path), name);
  const init = { method: 'POST', token, body };
  const response = await environment.fetch('/document/ingest', init);
  if (!response.ok) throw new Error(await response.text());
  const { ingest_id: id } = (await response.json()) as { ingest_id: string };
  const address = `/document/ingest/${id}/events`;
  let last = '';
  for await (const { data } of readEvents(
    await environment.fetch(address, { token }),
  )) {
    last = data;
  }
  return JSON.parse(last) as Ingest;
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});

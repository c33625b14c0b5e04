import { build } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { extractText, getDocumentProxy } from 'unpdf';
import { SERVER_CORE } from '../lib/process.mjs';
import { startRuntime } from '../lib/runtime.mjs';
import { median } from '../lib/statistics.mjs';

const PAGES = 300;
const LINES_PER_PAGE = 45;
const WORDS =
  'leave portal office visitor badge report table invoice contract month'.split(
    ' ',
  );

/**
 * A PDF of 300 pages from its upload to vectors that can be searched, next to reading its plain
 * text with PDF.js, which is what a parser alone would do.
 */
export async function runIngest({ rounds = 5 } = {}) {
  const pdf = await makeDocument();
  const ours = [];
  const plain = [];
  const runtime = await startRuntime({
    core: SERVER_CORE,
    models: ['local.extractive', 'local.embedding'],
  });
  try {
    const call = createCaller(runtime.url, await runtime.getToken());
    // The first one loads what the others find loaded.
    for (let round = -1; round < rounds; round += 1) {
      const since = performance.now();
      await ingest(call, pdf);
      const pagesPerSecond = PAGES / ((performance.now() - since) / 1000);
      if (round < 0) continue;
      ours.push(pagesPerSecond);
      plain.push(await readPlainText(pdf));
    }
  } finally {
    await runtime.stop();
  }
  return {
    title: `Ingest: a PDF of ${PAGES} pages`,
    rows: [
      { what: 'ingested, pages/s', median: Math.round(median(ours)) },
      {
        what: 'reference: text read by PDF.js, pages/s',
        median: Math.round(median(plain)),
      },
    ],
    targets: [
      { what: 'pages ingested per second', value: median(ours), unit: '/s' },
      {
        what: 'against reading the plain text',
        value: median(ours.map((value, index) => value / plain[index])),
        unit: 'x',
      },
    ],
  };
}

/** Pages per second of PDF.js in this process. */
async function readPlainText(pdf) {
  const since = performance.now();
  const document = await getDocumentProxy(new Uint8Array(pdf));
  const { text } = await extractText(document);
  if (text.length !== PAGES) throw new Error('PDF.js lost pages.');
  return PAGES / ((performance.now() - since) / 1000);
}

/** Ingests into an index of its own, searches it once and removes it. */
async function ingest(call, pdf) {
  const store = await call('/vector/store/create', {
    store_name: 'bench',
    store_type: 'local',
  });
  const index = await call('/vector/store/index/create', {
    store_id: store.store_id,
    index_name: 'bench',
  });
  const form = new FormData();
  form.set('index_id', index.index_id);
  form.append('files', new Blob([pdf]), 'handbook.pdf');
  const { ingest_id: id } = await call('/document/ingest', form);
  const last = await lastEvent(await call(`/document/ingest/${id}/events`));
  if (last.status !== 'COMPLETED') {
    throw new Error(`The ingest ended as ${last.status}.`);
  }
  const found = await call('/vector/search', {
    index_id: index.index_id,
    query: 'visitor badge',
    top_k: 1,
  });
  if (found.length !== 1) throw new Error('Nothing can be found.');
  await call(`/vector/store/${store.store_id}`, undefined, 'DELETE');
}

async function lastEvent(response) {
  const text = await response.text();
  const data = text.split('\n').filter(line => line.startsWith('data: '));
  return JSON.parse(data.at(-1).slice('data: '.length));
}

/** JSON in, JSON out; an event stream is answered as it is. */
function createCaller(url, token) {
  return async (path, body, method = body ? 'POST' : 'GET') => {
    const isForm = body instanceof FormData;
    const response = await fetch(url + path, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body && !isForm ? { 'Content-Type': 'application/json' } : {}),
      },
      body: isForm ? body : body && JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    const type = response.headers.get('content-type') ?? '';
    return type.includes('event-stream') ? response : response.json();
  };
}

async function makeDocument() {
  const { makePdf } = await loadFixtures();
  return makePdf(
    Array.from({ length: PAGES }, (_page, page) =>
      Array.from({ length: LINES_PER_PAGE }, (_line, line) => ({
        text: sentence(page * LINES_PER_PAGE + line),
        x: 72,
        y: 740 - line * 15,
      })),
    ),
  );
}

/** A sentence that differs from the others. */
function sentence(at) {
  const words = Array.from(
    { length: 11 },
    (_, i) => WORDS[(at * (i + 3) + i * i) % WORDS.length],
  );
  return `${at}: the ${words.join(' ')}.`;
}

async function loadFixtures() {
  const directory = mkdtempSync(join(tmpdir(), 'ingest-bench-'));
  const outfile = join(directory, 'fixtures.cjs');
  try {
    await build({
      entryPoints: [
        fileURLToPath(
          new URL(
            '../../services/document-processing/src/testing/fixtures.ts',
            import.meta.url,
          ),
        ),
      ],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'error',
      outfile,
    });
    return createRequire(import.meta.url)(outfile);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

import {
  CharacterTextSplitter,
  MarkdownTextSplitter,
  RecursiveCharacterTextSplitter,
} from '@langchain/textsplitters';
import { build } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { median } from '../lib/statistics.mjs';

const CHARACTERS = 4_000_000;
const SIZES = [
  { chunkSize: 4000, chunkOverlap: 200 },
  { chunkSize: 500, chunkOverlap: 50 },
];
const SPLITTERS = {
  fixed_size: by => new CharacterTextSplitter({ ...by, separator: '' }),
  recursive: by => new RecursiveCharacterTextSplitter(by),
  markdown: by => new MarkdownTextSplitter(by),
};

/** Throughput of the chunkers, next to LangChain's splitters over the same text. */
export async function runChunking({ rounds = 5 } = {}) {
  const text = makeText(CHARACTERS);
  const ours = await loadChunkers();
  const rows = {};
  const ratios = [];
  for (const [strategy, reference] of Object.entries(SPLITTERS)) {
    for (const size of SIZES) {
      const splitter = reference(size);
      const own = () =>
        ours[strategy](text, size).map(({ start, end }) =>
          text.slice(start, end),
        );
      const theirs = () => splitter.splitText(text);
      assertSame(own(), await theirs(), strategy);
      const measured = { own: [], theirs: [] };
      for (let round = 0; round < rounds; round += 1) {
        measured.own.push(await megabytesPerSecond(own));
        measured.theirs.push(await megabytesPerSecond(theirs));
      }
      const ratio = median(measured.own) / median(measured.theirs);
      ratios.push(ratio);
      rows[`${strategy} ${size.chunkSize}/${size.chunkOverlap}`] = {
        'own MB/s': Math.round(median(measured.own)),
        'LangChain MB/s': Number(median(measured.theirs).toFixed(1)),
        ratio: Number(ratio.toFixed(1)),
      };
    }
  }
  return {
    title: 'Chunking of 4 million characters, the same chunks',
    rows,
    targets: [
      {
        what: 'smallest ratio to @langchain/textsplitters',
        value: Math.min(...ratios),
        unit: 'x',
        atLeast: 1,
      },
    ],
  };
}

/** The sources, bundled: what is measured is what a runtime runs. */
async function loadChunkers() {
  const directory = mkdtempSync(join(tmpdir(), 'chunking-bench-'));
  const outfile = join(directory, 'chunkers.mjs');
  const source = fileURLToPath(
    new URL(
      '../../services/document-processing/src/domain/chunking/',
      import.meta.url,
    ),
  );
  try {
    await build({
      stdin: {
        contents: `
          export { splitFixedSize as fixed_size } from './fixedSize';
          export { splitRecursively as recursive } from './recursive';
          import { MARKDOWN_SEPARATORS, splitRecursively } from './recursive';
          export const markdown = (text, size) =>
            splitRecursively(text, size, MARKDOWN_SEPARATORS);`,
        resolveDir: source,
        loader: 'ts',
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile,
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function megabytesPerSecond(work) {
  const startedAt = performance.now();
  await work();
  return CHARACTERS / 1000 / (performance.now() - startedAt);
}

function assertSame(own, theirs, strategy) {
  const differs = own.findIndex((chunk, index) => chunk !== theirs[index]);
  if (own.length === theirs.length && differs < 0) return;
  throw new Error(`${strategy}: chunk ${differs} is not LangChain's`);
}

/** Sentences, paragraphs and headings of made-up words, always the same. */
function makeText(length) {
  let seed = 42;
  const random = below => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((seed / 2 ** 31) * below);
  };
  const word = () =>
    Array.from({ length: 2 + random(9) }, () =>
      String.fromCharCode(97 + random(26)),
    ).join('');
  const parts = [];
  for (let size = 0; size < length; ) {
    let part = `${word()} `;
    if (random(12) === 0) part = `${word()}.\n`;
    if (random(90) === 0) part = `${word()}.\n\n`;
    if (random(900) === 0) part = `\n\n## ${word()}\n\n`;
    parts.push(part);
    size += part.length;
  }
  return parts.join('').slice(0, length);
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { median } from '../lib/statistics.mjs';

const nodeTransform = createRequire(import.meta.url).resolve(
  '@backstage/cli-node/config/nodeTransform.cjs',
);

/**
 * Search over 100,000 chunks of `local.embedding`, next to a complete scan of the exact
 * vectors in JavaScript and to one by sqlite-vec.
 */
export async function runSearch() {
  const measured = await measure();
  const { searches, chunks, recall, buildSeconds, loopDelayMs } = measured;
  const p95 = ms => quantile(ms, 0.95);
  const rows = searches.map(({ what, ms, cpuMs }) => ({
    what,
    'p50 ms': round(median(ms)),
    'p95 ms': round(p95(ms)),
    'p50 CPU ms': round(median(cpuMs)),
    'p95 CPU ms': round(p95(cpuMs)),
  }));
  const msOf = name => searches.find(({ what }) => what === name).ms;
  const targets = [
    {
      what: 'nearest vectors, p95',
      value: p95(msOf('vector')),
      unit: 'ms',
      atMost: 10,
    },
    {
      what: 'nearest vectors and words, p95',
      value: p95(msOf('hybrid')),
      unit: 'ms',
      atMost: 10,
    },
    {
      what: 'recall@10 of exact search',
      value: recall,
      unit: '',
      atLeast: 0.95,
    },
    {
      what: 'exact search in JavaScript against it, p50',
      value:
        median(msOf('reference: exact, JavaScript')) / median(msOf('vector')),
      unit: 'x',
    },
    {
      what: 'sqlite-vec against it, p50',
      value:
        median(msOf('reference: exact, sqlite-vec')) / median(msOf('vector')),
      unit: 'x',
    },
    {
      what: 'longest hold-up of the event loop during searches',
      value: loopDelayMs,
      unit: 'ms',
    },
    {
      what: 'chunks indexed per second, embedding left out',
      value: chunks / buildSeconds,
      unit: '/s',
    },
    {
      what: `bytes on disk per chunk, ${measured.textBytes} of them text`,
      value: measured.bytesPerChunk,
      unit: 'B',
    },
    {
      what: 'bytes in memory per chunk',
      value: measured.memoryPerChunk,
      unit: 'B',
    },
    { what: 'first search after a start', value: measured.coldMs, unit: 'ms' },
  ];
  return {
    title: `Search: ${chunks.toLocaleString('en')} chunks, 384 dimensions`,
    rows,
    targets,
  };
}

/** Runs search.ts in a process of its own. */
async function measure() {
  const child = spawn(
    process.execPath,
    [
      '--require',
      nodeTransform,
      fileURLToPath(new URL('search.ts', import.meta.url)),
    ],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  let measured;
  child.on('message', message => {
    // What loads the TypeScript files sends messages of its own.
    measured = message.measured ?? measured;
  });
  const [code] = await once(child, 'exit');
  if (code !== 0 || !measured) {
    throw new Error(`Searches could not be measured (exit code ${code}).`);
  }
  return measured;
}

function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

function round(value) {
  return Number(value.toFixed(2));
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { median } from '../lib/statistics.mjs';

const nodeTransform = createRequire(import.meta.url).resolve(
  '@backstage/cli-node/config/nodeTransform.cjs',
);

/**
 * What the administration answers with 1,000 applications and 1 million calls in the log, next
 * to reading the log for it; and what limits cost each call of a model.
 */
export async function runAdmin() {
  const { routes, log, wholeLog, call } = await measure();
  const metrics = routes.find(({ what }) => what.includes('metrics'));
  const row = (what, ms) => ({
    what,
    'p50 ms': Number(median(ms).toFixed(2)),
    'slowest ms': Number(Math.max(...ms).toFixed(2)),
  });
  return {
    title: 'Administration: 1,000 applications, 1 million calls in the log',
    rows: [
      ...routes.map(({ what, ms }) => row(what, ms)),
      row("reference: one application's calls read from the log", log),
      row('reference: the whole log read', wholeLog),
    ],
    targets: [
      {
        what: 'reading the whole log against the metrics route',
        value: median(wholeLog) / median(metrics.ms),
        unit: 'x',
      },
      {
        what: 'reserving and settling a call against three limits',
        value: call,
        unit: 'µs',
        atMost: 5,
      },
    ],
  };
}

/** Runs admin.ts in a process of its own. */
async function measure() {
  const child = spawn(
    process.execPath,
    [
      '--require',
      nodeTransform,
      fileURLToPath(new URL('admin.ts', import.meta.url)),
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
    throw new Error(
      `The administration could not be measured (exit code ${code}).`,
    );
  }
  return measured;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { median } from '../lib/statistics.mjs';

const nodeTransform = createRequire(import.meta.url).resolve(
  '@backstage/cli-node/config/nodeTransform.cjs',
);

/**
 * What a person waits for: from the start of the task behind *Create Environment* to
 * Ready, and from *Tear down* until nothing is left, in a portal without a browser.
 */
export async function runLifecycle({ environments = 7 } = {}) {
  const measured = await measure(environments);
  const columns = [
    'recordedMs',
    'readyMs',
    'taskMs',
    'teardownMs',
    'processesGoneMs',
  ];
  const rows = measured.map((each, index) => ({
    environment: index === 0 ? '1 (first of the portal)' : index + 1,
    ...Object.fromEntries(
      columns.map(column => [column, Math.round(each[column])]),
    ),
  }));
  const of = column => median(measured.map(each => each[column])) / 1000;
  const worst = column =>
    Math.max(...measured.map(each => each[column])) / 1000;
  return {
    title: 'Lifecycle',
    rows,
    targets: [
      {
        what: 'start of the task to Ready',
        value: of('readyMs'),
        unit: 's',
        atMost: 3,
      },
      {
        what: 'start of the task to Ready, slowest',
        value: worst('readyMs'),
        unit: 's',
        atMost: 3,
      },
      {
        what: 'start of the task to its end',
        value: of('taskMs'),
        unit: 's',
      },
      {
        what: 'teardown, processes gone',
        value: of('processesGoneMs'),
        unit: 's',
        atMost: 2,
      },
      {
        what: 'teardown, processes gone, slowest',
        value: worst('processesGoneMs'),
        unit: 's',
        atMost: 2,
      },
    ],
  };
}

/** Runs lifecycle.ts, which shares the end-to-end tests' portal, in their kind of process. */
async function measure(environments) {
  const child = spawn(
    process.execPath,
    [
      '--require',
      nodeTransform,
      fileURLToPath(new URL('lifecycle.ts', import.meta.url)),
      String(environments),
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
    throw new Error(`The lifecycle could not be measured (exit code ${code}).`);
  }
  return measured;
}

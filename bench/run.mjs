#!/usr/bin/env node
/**
 * `npm run bench [-- gateway|bedrock|runtime|lifecycle …]`: measures, prints tables with ratios to
 * references of the same run, and keeps the numbers in bench/results/. Fails when something
 * did not work, never because of a number.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { printReport } from './lib/report.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const SUITES = {
  gateway: async () => (await import('./suites/gateway.mjs')).runGateway(),
  bedrock: async () => (await import('./suites/bedrock.mjs')).runBedrock(),
  admin: async () => (await import('./suites/admin.mjs')).runAdmin(),
  runtime: async () => (await import('./suites/runtime.mjs')).runRuntime(),
  chunking: async () => (await import('./suites/chunking.mjs')).runChunking(),
  ingest: async () => (await import('./suites/ingest.mjs')).runIngest(),
  search: async () => (await import('./suites/search.mjs')).runSearch(),
  lifecycle: async () =>
    (await import('./suites/lifecycle.mjs')).runLifecycle(),
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter(name => !Object.hasOwn(SUITES, name));
if (unknown.length > 0) {
  console.error(
    `No benchmark is called ${unknown.join(', ')}. Choose from: ${Object.keys(
      SUITES,
    ).join(', ')}.`,
  );
  process.exit(2);
}
assertMachine();
prepare();

const reports = [];
for (const name of chosen.length > 0 ? chosen : Object.keys(SUITES)) {
  console.log(`\nMeasuring: ${name} …`);
  const report = await SUITES[name]();
  reports.push({ name, ...report });
  printReport(report);
}
console.log(`\nKept in ${save(reports)}`);

function assertMachine() {
  if (process.platform !== 'linux' || availableParallelism() < 2) {
    console.error(
      'The benchmarks need Linux with at least two cores: they read /proc and bind processes to cores.',
    );
    process.exit(1);
  }
}

/** Installs the references beside the project, not into it, and builds the runtime. */
function prepare() {
  const installed = `${here}/node_modules/.package-lock.json`;
  const lock = `${here}/package-lock.json`;
  if (
    !existsSync(installed) ||
    statSync(lock).mtimeMs > statSync(installed).mtimeMs
  ) {
    run('npm', [
      'ci',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--prefix',
      here,
    ]);
  }
  run(process.execPath, [`${here}/../services/runtime/build.mjs`]);
}

function run(file, args) {
  const { status, error } = spawnSync(file, args, {
    cwd: here,
    stdio: 'inherit',
  });
  if (status === 0) return;
  console.error(error?.message ?? `${file} ${args[0]} failed.`);
  process.exit(1);
}

function save(results) {
  const directory = `${here}results`;
  const at = new Date().toISOString();
  const file = `${directory}/${at.replaceAll(/[:.]/g, '-')}.json`;
  mkdirSync(directory, { recursive: true });
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: here,
    encoding: 'utf8',
  }).trim();
  const machine = {
    cpu: cpus()[0].model,
    cores: cpus().length,
    node: process.version,
    loadAverage: loadavg()[0],
  };
  writeFileSync(
    file,
    `${JSON.stringify({ at, commit, machine, reports: results }, null, 2)}\n`,
  );
  return `bench/results/${file.split('/').at(-1)}`;
}

#!/usr/bin/env node
/**
 * `npm test`: the tests that need nothing but this repository.
 *
 *   npm test                        all of them
 *   npm test -- <jest arguments>    only the packages' tests, with these arguments
 *
 * Each group runs even when an earlier one failed.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const cli = createRequire(import.meta.url).resolve(
  '@backstage/cli/bin/backstage-cli',
);
const jestArguments = process.argv.slice(2);

const groups = [
  {
    title: 'Packages',
    // Jest's 5 s are too few for tests that start processes while all cores are taken.
    arguments: [
      ...[cli, 'repo', 'test', '--no-watch', '--testTimeout=20000'],
      ...jestArguments,
    ],
  },
  {
    title: 'Skeleton: the app that projects start with',
    arguments: ['--test'],
    directory: 'skeleton',
  },
  {
    title: 'Rules of the repository',
    arguments: ['--test', 'tests/rules/*.test.mjs'],
  },
];

const failed = (jestArguments.length > 0 ? groups.slice(0, 1) : groups).filter(
  ({ title, arguments: args, directory = '.' }) => {
    console.log(`\n${title}\n`);
    const { status, error } = spawnSync(process.execPath, args, {
      cwd: `${root}/${directory}`,
      env: { ...process.env, CI: 'true' },
      stdio: 'inherit',
    });
    if (error) console.error(error.message);
    return status !== 0;
  },
);

for (const { title } of failed) console.error(`Failed: ${title}`);
process.exitCode = failed.length > 0 ? 1 : 0;

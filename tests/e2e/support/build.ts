import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths';

/** What the frontend is made of: newer than the bundle means build again. */
const FRONTEND_SOURCES = [
  'package-lock.json',
  'packages/app/package.json',
  'packages/app/public',
  'packages/app/src',
  'plugins/genai-environments/src',
  'plugins/genai-environments-common/src',
];
const FRONTEND_BUNDLE = 'packages/app/dist/index.html';

/** Builds what a portal serves and starts: the frontend when it is stale, the runtime. */
export async function buildAll(): Promise<void> {
  await buildRuntime();
  if (newest(FRONTEND_SOURCES) > modified(join(ROOT, FRONTEND_BUNDLE))) {
    await run(
      [join(ROOT, 'node_modules/.bin/backstage-cli'), 'package', 'build'],
      join(ROOT, 'packages/app'),
    );
  }
}

/** Enough where nobody looks at a page. */
export function buildRuntime(): Promise<void> {
  return run(['services/runtime/build.mjs'], ROOT);
}

async function run(args: string[], cwd: string): Promise<void> {
  const child = spawn(process.execPath, args, {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '', NODE_TEST_CONTEXT: undefined },
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${args.join(' ')} failed with ${code}`);
}

function modified(path: string): number {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

function newest(paths: string[]): number {
  return Math.max(
    ...paths.flatMap(path => {
      const absolute = join(ROOT, path);
      if (!statSync(absolute).isDirectory()) return [modified(absolute)];
      return readdirSync(absolute, { recursive: true, encoding: 'utf8' }).map(
        file => modified(join(absolute, file)),
      );
    }),
  );
}

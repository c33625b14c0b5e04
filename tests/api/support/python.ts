import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs the Python that scripts/test-api.mjs installs, with its tools.
 *
 * @returns its exit code and everything it printed
 */
export async function runPython(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; output: string }> {
  const directory = process.env.GENAI_TEST_API_TOOLS;
  if (!directory) {
    throw new Error(
      'Run this test by "npm run test:api", which installs its tools.',
    );
  }
  const child = spawn(join(directory, 'bin/python'), args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Tools leave caches where they run.
    cwd: tmpdir(),
    env: {
      PATH: process.env.PATH,
      NO_COLOR: '1',
      PYTHONUNBUFFERED: '1',
      // Proxies of the machine are for other hosts.
      NO_PROXY: '127.0.0.1',
      ...env,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => (output += text));
  }
  const [code] = await once(child, 'close');
  return { code, output };
}

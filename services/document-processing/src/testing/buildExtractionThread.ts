import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// On a busy machine the bundler alone takes longer than jest waits for a test.
jest.setTimeout(60_000);

let built: string | undefined;

/** The thread's entry, bundled from the sources as the runtime does it. */
export function buildExtractionThread(): string {
  if (built) return built;
  const outdir = mkdtempSync(join(tmpdir(), 'extraction-thread-'));
  process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
  // eslint-disable-next-line no-restricted-syntax -- tests run from the sources
  const script = join(__dirname, '../../buildExtractionThread.mjs');
  execFileSync(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { buildExtractionThread } from ${JSON.stringify(script)};
     await buildExtractionThread({ outdir: ${JSON.stringify(outdir)} });`,
  ]);
  built = join(outdir, 'extractionThread.mjs');
  return built;
}

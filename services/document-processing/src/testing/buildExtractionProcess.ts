import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// On a busy machine the bundler alone takes longer than jest waits for a test.
jest.setTimeout(60_000);

let built: string | undefined;

/** The entry of the process, bundled from the sources as the runtime does it. */
export function buildExtractionProcess(): string {
  if (built) return built;
  const outdir = mkdtempSync(join(tmpdir(), 'extraction-process-'));
  process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
  // eslint-disable-next-line no-restricted-syntax -- tests run from the sources
  const script = join(__dirname, '../../buildExtractionProcess.mjs');
  execFileSync(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { buildExtractionProcess } from ${JSON.stringify(script)};
     await buildExtractionProcess({ outdir: ${JSON.stringify(outdir)} });`,
  ]);
  built = join(outdir, 'extractionProcess.mjs');
  return built;
}

import { version } from '../../package.json';
import { join } from 'node:path';
import { describeManifest } from './synth/describe';
import { writeBlueprints } from './synth/writeBlueprints';

/** Started from the package's folder by `npm run synth`. */
try {
  const manifest = writeBlueprints({
    directory: join('dist', 'blueprints'),
    version,
  });
  console.log(describeManifest(manifest));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BlueprintManifest } from '../../manifest/manifest';
import { createApp } from '../app';
import { createManifest } from './createManifest';

/**
 * Synthesizes all blueprints, checks them and writes templates and manifest to `directory`,
 * which is replaced as a whole: nobody sees half of it.
 *
 * @throws Error with the findings of the checks
 */
export function writeBlueprints(options: {
  directory: string;
  version: string;
  /** Default: yes. */
  isChecked?: boolean;
}): BlueprintManifest {
  const { directory, version, isChecked } = options;
  const outdir = mkdtempSync(join(tmpdir(), 'genai-blueprints-'));
  try {
    const app = createApp({ outdir, isChecked });
    app.app.synth();
    const manifest = createManifest({ app, directory: outdir, version });
    const fresh = `${directory}.${process.pid}.tmp`;
    mkdirSync(fresh, { recursive: true });
    for (const template of templatesOf(manifest)) {
      cpSync(join(outdir, template), join(fresh, template));
    }
    writeFileSync(
      join(fresh, 'manifest.json'),
      `${JSON.stringify(manifest, null, 2)}\n`,
    );
    mkdirSync(dirname(directory), { recursive: true });
    rmSync(directory, { recursive: true, force: true });
    renameSync(fresh, directory);
    return manifest;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Names of the files that a manifest speaks of. */
export function templatesOf(manifest: BlueprintManifest): string[] {
  return [
    manifest.foundation.template,
    ...manifest.environments.flatMap(({ core, services }) => [
      core.template,
      services.template,
    ]),
  ];
}

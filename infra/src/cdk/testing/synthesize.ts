import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlueprintManifest } from '../../manifest/manifest';
import { templatesOf, writeBlueprints } from '../synth/writeBlueprints';

/** A resource of a template, as far as tests look. */
export type SynthesizedResource = {
  Type: string;
  Condition?: string;
  DependsOn?: string | string[];
  Properties: Record<string, any>;
};

export type SynthesizedTemplate = {
  Parameters: Record<string, Record<string, unknown>>;
  Outputs: Record<string, { Condition?: string }>;
  Conditions?: Record<string, unknown>;
  Rules?: Record<string, unknown>;
  Resources: Record<string, SynthesizedResource>;
};

/** All blueprints, as they are written to files. */
export type Synthesized = {
  manifest: BlueprintManifest;
  /** By the name of the file. */
  texts: Map<string, string>;
  templates: Map<string, SynthesizedTemplate>;
};

/** Synthesizes everything; what the checks find fails the test that asked for them. */
export function synthesize(options: { isChecked: boolean }): Synthesized {
  const parent = mkdtempSync(join(tmpdir(), 'genai-synthesize-'));
  const directory = join(parent, 'blueprints');
  try {
    const manifest = writeBlueprints({
      ...{ directory, version: '1.2.3' },
      isChecked: options.isChecked,
    });
    const texts = new Map(
      [...templatesOf(manifest), 'manifest.json'].map(name => [
        name,
        readFileSync(join(directory, name), 'utf8'),
      ]),
    );
    const templates = new Map(
      templatesOf(manifest).map(name => [name, JSON.parse(texts.get(name)!)]),
    );
    return { manifest, texts, templates };
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

/** Resources of a type, with their logical ids. */
export function resourcesOfType(
  template: SynthesizedTemplate,
  type: string,
): Array<[string, SynthesizedResource]> {
  return Object.entries(template.Resources).filter(
    ([, { Type }]) => Type === type,
  );
}

/** The template of one of an environment's stacks, by the blueprint's id. */
export function stackOf(
  { manifest, templates }: Synthesized,
  id: string,
  kind: 'core' | 'services',
): SynthesizedTemplate {
  const blueprint = manifest.environments.find(each => each.id === id)!;
  return templates.get(blueprint[kind].template)!;
}

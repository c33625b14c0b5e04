import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type BlueprintManifest,
  type BlueprintTier,
  type EnvironmentBlueprint,
  manifestSchema,
  type StackBlueprint,
  type VectorStore,
} from './manifest';

const MANIFEST = 'manifest.json';

/** The templates were not written yet: the package is used from its sources. */
export class BlueprintsMissingError extends Error {
  readonly name = 'BlueprintsMissingError';

  constructor(directory: string) {
    super(
      `There are no CloudFormation blueprints in ${directory}. Run "npm run synth" in the root of the repository; the published package has them.`,
    );
  }
}

/** A template is not the one that the manifest was written for. */
export class BlueprintDamagedError extends Error {
  readonly name = 'BlueprintDamagedError';

  constructor(template: string) {
    super(
      `The blueprint ${template} does not have the digest that the manifest names. Install the package anew, or run "npm run synth".`,
    );
  }
}

/** The bundled templates and what the manifest says about them. */
export class Blueprints {
  constructor(
    readonly manifest: BlueprintManifest,
    private readonly directory: string,
  ) {}

  /** @throws RangeError when there is no such blueprint */
  find(options: {
    tier: BlueprintTier;
    vectorStore: VectorStore;
  }): EnvironmentBlueprint {
    const { tier, vectorStore } = options;
    const blueprint = this.manifest.environments.find(
      each => each.tier === tier && each.vectorStore === vectorStore,
    );
    if (blueprint) return blueprint;
    const known = this.manifest.environments.map(({ id }) => id);
    throw new RangeError(
      `There is no blueprint for tier "${tier}" with vector store "${vectorStore}". There are ${known.join(
        ', ',
      )}.`,
    );
  }

  /** The text of a template. @throws BlueprintDamagedError */
  readTemplate({ template, sha256 }: StackBlueprint): string {
    const text = readFileSync(join(this.directory, template), 'utf8');
    const digest = createHash('sha256').update(text).digest('hex');
    if (digest !== sha256) throw new BlueprintDamagedError(template);
    return text;
  }
}

let bundled: Blueprints | undefined;

/**
 * Reads the bundled blueprints; the second call costs nothing.
 *
 * @throws BlueprintsMissingError
 */
export function loadBlueprints(options?: {
  /** Default: that of the package. */
  directory?: string;
}): Blueprints {
  if (options?.directory) return readBlueprints(options.directory);
  bundled ??= readBlueprints(bundledDirectory());
  return bundled;
}

function readBlueprints(directory: string): Blueprints {
  const path = join(directory, MANIFEST);
  if (!existsSync(path)) throw new BlueprintsMissingError(directory);
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  return new Blueprints(manifest, directory);
}

/** The same from the sources and from what is built of them. */
export function bundledDirectory(): string {
  const root = dirname(
    require.resolve('@genai-environments/aws-blueprints/package.json'),
  );
  return join(root, 'dist', 'blueprints');
}

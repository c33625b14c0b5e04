import { loadBlueprints } from '@genai-environments/aws-blueprints';
import type { Blueprints } from './types';

let loaded: Blueprints | undefined;

/**
 * The blueprints that come with this version, read once.
 *
 * @throws BlueprintsMissingError when they were not built; its message says how
 */
export function loadBundledBlueprints(): Blueprints {
  if (loaded) return loaded;
  const blueprints = loadBlueprints();
  loaded = {
    version: blueprints.manifest.version,
    find: choice => blueprints.find(choice),
  };
  return loaded;
}

import { createHash } from 'node:crypto';
import type { Blueprints, EnvironmentBlueprint } from '../../blueprints/types';
import { templateKey } from '../../stacks/parameters';
import type { AwsWorld } from './AwsWorld';
import { TEST_TEMPLATES, testBlueprints } from './testBlueprints';

const CHOICE = { tier: 'standard', vectorStore: 's3-vectors' } as const;

/** The blueprints of another version, published in the world's account. Test code. */
export function changeTemplate(
  world: AwsWorld,
  version: string,
  change: (core: any, services: any, blueprint: EnvironmentBlueprint) => void,
): Blueprints {
  const blueprint = structuredClone(testBlueprints(version).find(CHOICE));
  const texts = {
    core: JSON.parse(TEST_TEMPLATES[blueprint.core.template]),
    services: JSON.parse(TEST_TEMPLATES[blueprint.services.template]),
  };
  change(texts.core, texts.services, blueprint);
  const changed: EnvironmentBlueprint = { ...blueprint };
  const [templates] = [...world.region.buckets]
    .filter(([name]) => name.startsWith('genai-templates-'))
    .map(([, objects]) => objects);
  for (const kind of ['core', 'services'] as const) {
    const text = JSON.stringify(texts[kind]);
    const sha256 = createHash('sha256').update(text).digest('hex');
    changed[kind] = { ...blueprint[kind], sha256 };
    templates.set(templateKey({ version }, changed[kind]), text);
  }
  return { version, find: () => changed };
}

import type { loadBlueprints } from '@genai-environments/aws-blueprints';
import type {
  Blueprints,
  EnvironmentBlueprint,
  StackBlueprint,
} from '../../blueprints/types';
import { templateKey } from '../../stacks/parameters';
import { TEST_TEMPLATES, testBlueprints } from './testBlueprints';
import { FOUNDATION_TEMPLATE } from './testTemplates';

/** Blueprints, and what of them is in the account. */
export type TestedBlueprints = {
  blueprints: Blueprints;
  foundation: string;
  /** Keys in the template bucket and texts. */
  published: Array<[string, string]>;
};

const STANDARD = { tier: 'standard', vectorStore: 's3-vectors' } as const;

export type BundledBlueprints = ReturnType<typeof loadBlueprints>;
type BundledStack = Parameters<BundledBlueprints['readTemplate']>[0];

export const FOR_TESTS: TestedBlueprints = {
  blueprints: testBlueprints(),
  foundation: JSON.stringify(FOUNDATION_TEMPLATE),
  published: publish(
    [testBlueprints().find(STANDARD)],
    testBlueprints(),
    stack => TEST_TEMPLATES[stack.template],
  ),
};

export function fromBundled(bundled: BundledBlueprints): TestedBlueprints {
  const { version, environments, foundation } = bundled.manifest;
  const blueprints = {
    version,
    find: (choice: Parameters<Blueprints['find']>[0]) => bundled.find(choice),
  };
  return {
    blueprints,
    foundation: bundled.readTemplate(foundation),
    published: publish(environments, blueprints, stack =>
      bundled.readTemplate(stack as BundledStack),
    ),
  };
}

function publish(
  environments: EnvironmentBlueprint[],
  blueprints: Blueprints,
  read: (stack: StackBlueprint) => string,
): Array<[string, string]> {
  return environments
    .flatMap(({ core, services }) => [core, services])
    .map(stack => [templateKey(blueprints, stack), read(stack)]);
}

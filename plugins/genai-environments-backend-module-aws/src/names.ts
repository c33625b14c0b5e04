import type { EnvironmentIdentity } from '@genai-environments/backstage-plugin-genai-environments-node';

export const FOUNDATION_STACK = 'genai-foundation';

/** All stacks of environments begin like this. */
export const STACK_PREFIX = 'genai-';

export const TAG_UID = 'genai:environment-uid';
export const TAG_NAME = 'genai:environment';
export const TAG_TIER = 'genai:tier';
export const TAG_BLUEPRINT = 'genai:blueprint';

/** `genai-<name>-core`, `genai-<name>-services`. */
export function stackName(kind: 'core' | 'services', name: string): string {
  return `${STACK_PREFIX}${name}-${kind}`;
}

/** What names of an environment's secrets begin with. */
export function secretPrefix({ name, uid }: EnvironmentIdentity): string {
  return `genai/${name}/${uid}/`;
}

import { createHash } from 'node:crypto';

/** Once per account and region. */
export const FOUNDATION_STACK_NAME = 'genai-foundation';

/** Name of a stack of an environment. */
export function stackName(kind: 'core' | 'services', name: string): string {
  return `genai-${name}-${kind}`;
}

/** What CloudFormation takes as the priority of a rule of a load balancer. */
const PRIORITIES = 50_000;

/**
 * Where a sandbox stands among the rules of the load balancer that sandboxes share. Equal for
 * equal arguments; a priority that is taken by another sandbox asks for the next `attempt`.
 */
export function sandboxListenerPriority(uid: string, attempt = 0): number {
  const digest = createHash('sha256').update(`${uid}#${attempt}`).digest();
  return 1 + (digest.readUInt32BE(0) % PRIORITIES);
}

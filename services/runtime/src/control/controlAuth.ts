import { createHash, timingSafeEqual } from 'node:crypto';
import { UnauthenticatedError } from '@genai-environments/service-kit';
import type { FastifyRequest } from 'fastify';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Auth policy of the control routes: nothing but the control key opens them. */
export function controlKeyPolicy(controlKey: string) {
  const expected = digest(`Bearer ${controlKey}`);
  return {
    verify(request: FastifyRequest): void {
      // Digests have one length, so the comparison tells nothing about the key's.
      const presented = digest(request.headers.authorization ?? '');
      if (timingSafeEqual(presented, expected)) return;
      throw new UnauthenticatedError(
        'This route is for the provisioner of the environment and needs its control key.',
        { code: 'control_key_required' },
      );
    },
  };
}

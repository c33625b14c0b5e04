import {
  AuthOptions,
  AuthPolicy,
  createTokenGate,
} from '@genai-environments/service-kit';
import type { FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';

/** Scope that opens the administration to an application. */
export const ADMIN_SCOPE = 'genai/admin';

const ADMIN_CREDENTIAL = {
  name: 'administrator',
  description: `The credential of the portal, or an access token with the scope ${ADMIN_SCOPE}.`,
  type: 'http',
  scheme: 'bearer',
} as const;

/** Says whether a request carries the credential of the service that administers. */
export type ServiceCredential = (request: FastifyRequest) => boolean;

/** A key that is sent as `Authorization: Bearer <key>`; compared in constant time. */
export function bearerKey(key: string): ServiceCredential {
  const expected = digest(`Bearer ${key}`);
  return ({ headers }) =>
    // Digests have one length, so the comparison tells nothing about the key's.
    timingSafeEqual(digest(headers.authorization ?? ''), expected);
}

/**
 * Opens to the service credential and to enabled applications whose token has the scope
 * `genai/admin`; to nobody else.
 */
export function adminPolicy(options: {
  isServiceCredential: ServiceCredential;
  auth: AuthOptions;
}): AuthPolicy {
  const { isServiceCredential, auth } = options;
  const admitToken = createTokenGate(auth);
  return {
    credential: ADMIN_CREDENTIAL,
    verify(request) {
      if (isServiceCredential(request)) return undefined;
      return admitToken(request, [ADMIN_SCOPE]);
    },
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

import {
  AuthOptions,
  AuthPolicy,
  Caller,
  ForbiddenError,
  UnauthenticatedError,
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
  return {
    credential: ADMIN_CREDENTIAL,
    async verify(request) {
      if (isServiceCredential(request)) return;
      request.caller = await findAdministrator(request, auth);
    },
  };
}

async function findAdministrator(
  request: FastifyRequest,
  { verifier, directory }: AuthOptions,
): Promise<Caller> {
  const token = /^bearer +([^\s]+)$/i.exec(request.headers.authorization ?? '');
  if (!token) {
    throw new UnauthenticatedError(
      `The administration needs the credential of the portal, or an access token with the scope ${ADMIN_SCOPE}, as "Authorization: Bearer …".`,
      { code: 'missing_token' },
    );
  }
  const verified = await verifier.verify(token[1]);
  const application = await directory.find(verified.clientId);
  if (!application) {
    throw new UnauthenticatedError(
      'The application of this access token no longer exists in this environment.',
      { code: 'unknown_application', challenge: 'invalid_token' },
    );
  }
  if (!application.enabled) {
    throw new ForbiddenError(
      'This application is disabled. Ask the owner of the environment.',
      { code: 'application_disabled' },
    );
  }
  const caller = new Caller(verified, application);
  if (caller.hasScope(ADMIN_SCOPE)) return caller;
  throw new ForbiddenError(
    `The access token lacks the scope this route needs: ${ADMIN_SCOPE}.`,
    { code: 'insufficient_scope', sufficientScopes: [ADMIN_SCOPE] },
  );
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

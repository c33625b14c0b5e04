import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { ForbiddenError, UnauthenticatedError } from '../errors';
import type {
  ApplicationDirectory,
  DirectoryEntry,
} from './ApplicationDirectory';
import type { AuthPolicy } from './AuthPolicy';
import { Caller } from './Caller';
import type { TokenVerifier, VerifiedToken } from './TokenVerifier';

/** How the app knows its callers. */
export type AuthOptions = {
  verifier: TokenVerifier;
  directory: ApplicationDirectory;
};

/** Thrown at registration: the app must not start with a route nobody thought about. */
export class MissingAuthPolicyError extends Error {
  override readonly name = 'MissingAuthPolicyError';
}

/**
 * Enforces the policy of every route before its body is read.
 *
 * Answers synchronously when the token is cached and the directory is in memory, so
 * that the hot path costs no promise.
 */
export function addAuthentication(
  app: FastifyInstance,
  options: AuthOptions,
): void {
  const admitToken = createTokenGate(options);
  app.decorateRequest('caller', undefined);

  app.addHook('onRoute', route => assertPolicy(route));

  app.addHook('onRequest', (request, _reply, done) => {
    const policy = request.routeOptions.config.auth;
    // Unknown addresses have no policy; their handler only says 404.
    if (policy === 'public' || (policy === undefined && request.is404)) {
      done();
      return;
    }
    let pending: void | Promise<void>;
    try {
      pending = admit(request, policy as Exclude<AuthPolicy, 'public'>);
    } catch (error) {
      done(error as Error);
      return;
    }
    if (pending) pending.then(() => done(), done);
    else done();
  });

  function admit(
    request: FastifyRequest,
    policy: Exclude<AuthPolicy, 'public'>,
  ): void | Promise<void> {
    if ('verify' in policy) return policy.verify(request);
    return admitToken(request, policy.anyScope);
  }
}

/** Lets callers in by their access token and sets `request.caller`. */
export type TokenGate = (
  request: FastifyRequest,
  anyScope: readonly string[],
) => void | Promise<void>;

/**
 * The check behind `anyScope`, for policies that know other credentials as well.
 *
 * The gate throws or rejects with `UnauthenticatedError` and `ForbiddenError`.
 */
export function createTokenGate(options: AuthOptions): TokenGate {
  const { verifier, directory } = options;
  return (request, anyScope) => {
    const token = verifier.verify(bearerToken(request.headers.authorization));
    if (token instanceof Promise) {
      return token.then(verified => lookUp(request, anyScope, verified));
    }
    return lookUp(request, anyScope, token);
  };

  function lookUp(
    request: FastifyRequest,
    anyScope: readonly string[],
    token: VerifiedToken,
  ): void | Promise<void> {
    const entry = directory.find(token.clientId);
    if (entry instanceof Promise) {
      return entry.then(found => authorize(request, anyScope, token, found));
    }
    return authorize(request, anyScope, token, entry);
  }
}

function authorize(
  request: FastifyRequest,
  anyScope: readonly string[],
  token: VerifiedToken,
  entry: DirectoryEntry | undefined,
): void {
  if (!entry) {
    throw new UnauthenticatedError(
      'The application of this access token no longer exists in this environment.',
      { code: 'unknown_application', challenge: 'invalid_token' },
    );
  }
  if (!entry.enabled) {
    throw new ForbiddenError(
      'This application is disabled. Ask the owner of the environment to enable it.',
      { code: 'application_disabled' },
    );
  }
  const caller = new Caller(token, entry);
  if (!anyScope.some(scope => caller.hasScope(scope))) {
    throw new ForbiddenError(
      `The access token lacks the scope this route needs: ${anyScope.join(
        ' or ',
      )}.`,
      { code: 'insufficient_scope', sufficientScopes: anyScope },
    );
  }
  request.caller = caller;
}

function bearerToken(header: string | undefined): string {
  if (header === undefined) {
    throw new UnauthenticatedError(
      'This route needs an access token. Send the header "Authorization: Bearer <access token>".',
      { code: 'missing_token' },
    );
  }
  // As nearly all callers write it; the pattern takes a microsecond for a long token.
  const isPlain = header.startsWith('Bearer ') && header.indexOf(' ', 7) < 0;
  if (isPlain && header.length > 7) return header.slice(7);
  // The scheme is case-insensitive (RFC 9110, section 11.1).
  const match = /^bearer +([^\s]+)$/i.exec(header);
  if (!match) {
    throw new UnauthenticatedError(
      'The Authorization header is malformed. Send "Authorization: Bearer <access token>".',
      { code: 'invalid_token', challenge: 'invalid_request' },
    );
  }
  return match[1];
}

function assertPolicy(route: RouteOptions): void {
  if (route.config?.auth !== undefined) return;
  throw new MissingAuthPolicyError(
    `Route ${String(route.method)} ${
      route.url
    } declares no auth policy. Set config.auth to 'public', { anyScope: [...] } or { verify }.`,
  );
}

import type { FastifyRequest } from 'fastify';

/** Scope that opens every route of the classic API. */
export const CLASSIC_SCOPE = 'genaifoundations/read';

/**
 * Who may call a route. Every route states one, or the app does not start:
 *
 * - `public`: everybody
 * - `anyScope`: an enabled application whose token has at least one of the scopes
 * - `verify`: the route's own check; it throws what the caller shall see. `credential` is what
 *   it looks at, for the OpenAPI document.
 */
export type AuthPolicy =
  | 'public'
  | { anyScope: readonly [string, ...string[]] }
  | {
      verify: (request: FastifyRequest) => void | Promise<void>;
      credential?: DocumentedCredential;
    };

/**
 * A security scheme of the OpenAPI document.
 *
 * @see https://spec.openapis.org/oas/v3.1.1#security-scheme-object
 */
export type DocumentedCredential = {
  /** Name among the security schemes. */
  name: string;
  description: string;
} & (
  | { type: 'http'; scheme: string }
  | { type: 'apiKey'; in: 'query'; parameter: string }
);

/** Policy of a route that the classic scope opens as well as its own. */
export function classicOr(scope: string): AuthPolicy {
  return { anyScope: [scope, CLASSIC_SCOPE] };
}

/** What of the library's discovery document is true of this issuer. */
const KEPT = [
  'issuer',
  'token_endpoint',
  'jwks_uri',
  'token_endpoint_auth_methods_supported',
] as const;

/**
 * The authorization server metadata (RFC 8414) of an issuer that has a token endpoint
 * and nothing else; the library also announces what it would do if it were mounted.
 */
export function describeIssuer(
  document: Record<string, unknown>,
): Record<string, unknown> {
  return {
    ...Object.fromEntries(KEPT.map(key => [key, document[key]])),
    grant_types_supported: ['client_credentials'],
    response_types_supported: [],
  };
}

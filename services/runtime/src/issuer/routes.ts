/** What the runtime serves of the library's addresses; it has more, none is wanted. */
export const ISSUER_ROUTES = {
  token: '/oauth2/token',
  jwks: '/.well-known/jwks.json',
  discovery: '/.well-known/openid-configuration',
} as const;

/**
 * Routes of a runtime that are not in its OpenAPI document, for nobody's access token opens
 * them. Tokens and keys come from Cognito and are no routes of a service.
 */
export const UNDOCUMENTED_ROUTES = [
  {
    method: 'GET',
    path: '/',
    service: 'administration',
    scopes: [],
    streams: false,
  },
  {
    method: 'GET',
    path: '/openapi.json',
    service: 'administration',
    scopes: [],
    streams: false,
  },
  // MCP clients look for the issuer of tokens here (RFC 9728).
  {
    method: 'GET',
    path: '/.well-known/oauth-protected-resource',
    service: 'vectorization',
    scopes: [],
    streams: false,
  },
  {
    method: 'GET',
    path: '/.well-known/oauth-protected-resource/mcp',
    service: 'vectorization',
    scopes: [],
    streams: false,
  },
  // Of the portal alone, by the environment's key; not how a task is shut down.
  ...[
    { method: 'GET', path: '/control/status' },
    { method: 'GET', path: '/control/usage' },
    { method: 'PUT', path: '/control/applications/{client_id}' },
    { method: 'DELETE', path: '/control/applications/{client_id}' },
  ].map(route => ({
    ...route,
    service: 'administration',
    scopes: [],
    streams: false,
  })),
  // A page for people; who may reach it is a matter of the resource policy.
  { method: 'ANY', path: '/app', service: 'app', scopes: [], streams: true },
  {
    method: 'ANY',
    path: '/app/{path+}',
    service: 'app',
    scopes: [],
    streams: true,
  },
];

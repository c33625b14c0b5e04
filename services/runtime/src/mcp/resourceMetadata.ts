import {
  CLASSIC_SCOPE,
  type ServiceApp,
} from '@genai-environments/service-kit';

/** Where it is for a resource with a path, and where clients look that know of no path. */
const ROUTES = [
  '/.well-known/oauth-protected-resource/mcp',
  '/.well-known/oauth-protected-resource',
] as const;

/**
 * Tells clients of the endpoint where access tokens come from, and, when one is missing or
 * refused, where that is told.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9728
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization
 */
export function addResourceMetadata(
  app: ServiceApp,
  { publicUrl, issuer }: { publicUrl: string; issuer: string },
): void {
  const metadata = {
    resource: `${publicUrl}/mcp`,
    authorization_servers: [issuer],
    scopes_supported: [
      'genai/vector.read',
      'genai/model.invoke',
      'genai/prompt.read',
      CLASSIC_SCOPE,
    ],
    bearer_methods_supported: ['header'],
  };
  for (const url of ROUTES) {
    app.get(
      url,
      { config: { auth: 'public', undocumented: true } },
      async () => metadata,
    );
  }
  app.addHook('onSend', (_request, reply, payload, done) => {
    const challenge = reply.getHeader('www-authenticate');
    if (challenge !== undefined) {
      reply.header(
        'www-authenticate',
        `${challenge}, resource_metadata="${publicUrl}${ROUTES[0]}"`,
      );
    }
    done(null, payload);
  });
}

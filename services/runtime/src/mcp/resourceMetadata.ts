import {
  CLASSIC_SCOPE,
  type ServiceApp,
} from '@genai-environments/service-kit';

/**
 * Tells clients of the endpoint where access tokens come from.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9728
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
  app.get(
    '/.well-known/oauth-protected-resource/mcp',
    { config: { auth: 'public', undocumented: true } },
    async () => metadata,
  );
}

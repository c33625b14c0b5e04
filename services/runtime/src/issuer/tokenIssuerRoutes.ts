import type { ServiceApp } from '@genai-environments/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ISSUER_ROUTES } from './routes';

type RawHandler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Hands the issuer's three addresses to the library as raw requests. Their bodies stay
 * unread until the library reads them.
 */
export function tokenIssuerRoutes(options: {
  publicUrl: string;
  /** Called with the first request. */
  load: () => RawHandler;
}) {
  const { protocol, host } = new URL(options.publicUrl);
  let loaded: RawHandler | undefined;

  const handle = (request: FastifyRequest, reply: FastifyReply): void => {
    loaded ??= options.load();
    reply.hijack();
    // The library must name the public address, not the one in a caller's header.
    request.raw.headers['x-forwarded-proto'] = protocol.slice(0, -1);
    request.raw.headers['x-forwarded-host'] = host;
    loaded(request.raw, reply.raw);
  };

  return async (app: ServiceApp): Promise<void> => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, _body, done) => done(null));

    const routes = [
      { method: 'POST', url: ISSUER_ROUTES.token },
      { method: 'GET', url: ISSUER_ROUTES.jwks },
      { method: 'GET', url: ISSUER_ROUTES.discovery },
    ] as const;
    for (const { method, url } of routes) {
      app.route({
        method,
        url,
        config: { auth: 'public', undocumented: true },
        handler: handle,
      });
    }
  };
}

import {
  ForbiddenError,
  NotFoundError,
  type ServiceApp,
} from '@genai-environments/service-kit';
import type { FastifyRequest } from 'fastify';
import type { AppSupervisor } from './AppSupervisor';
import { forward } from './forward';
import { RETRY_AFTER_SECONDS, unavailableAnswer } from './unavailable';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/** `/app/*`: everything there is the project's own app's. */
export function appRoutes(options: {
  supervisor: AppSupervisor | undefined;
  environmentName: string;
  publicUrl: string;
}) {
  const { supervisor, environmentName, publicUrl } = options;
  const config = { auth: 'public', undocumented: true } as const;

  return async (app: ServiceApp): Promise<void> => {
    // Bodies are the app's to read; here they only pass through.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, _body, done) => done(null));

    app.get('/app', { config }, (request, reply) =>
      reply.redirect(`/app/${queryOf(request)}`, 308),
    );
    app.route({
      method: METHODS,
      url: '/app/*',
      config,
      handler: (request, reply) => {
        if (!supervisor) {
          throw new NotFoundError('This environment has no app of its own.', {
            code: 'no_app',
          });
        }
        assertSameOrigin(request);
        const { port } = supervisor;
        const answerUnavailable = () => {
          const { type, body } = unavailableAnswer({
            accept: request.headers.accept,
            environmentName,
            starting: supervisor.status.health === 'starting',
          });
          reply.raw.writeHead(503, {
            'content-type': type,
            'cache-control': 'no-store',
            'retry-after': String(RETRY_AFTER_SECONDS),
            // What is left of the request's body must not be taken for a next request.
            connection: 'close',
          });
          reply.raw.end(request.method === 'HEAD' ? undefined : body);
        };

        reply.hijack();
        if (port === undefined) answerUnavailable();
        else {
          forward(request.raw, reply.raw, {
            port,
            publicUrl,
            onUnreachable: answerUnavailable,
          });
        }
      },
    });
  };
}

/**
 * The app knows its visitors by nothing but the address, so a foreign page in the same
 * browser must not be able to act through it.
 */
function assertSameOrigin({ method, headers }: FastifyRequest): void {
  if (SAFE_METHODS.includes(method)) return;
  const site = headers['sec-fetch-site'];
  const foreign =
    site !== undefined
      ? site !== 'same-origin' && site !== 'none'
      : headers.origin !== undefined &&
        URL.parse(headers.origin)?.host !== headers.host;
  if (foreign) {
    throw new ForbiddenError(
      'The app takes changes only from its own pages, not from those of another site.',
      { code: 'cross_site_request' },
    );
  }
}

function queryOf(request: FastifyRequest): string {
  const start = request.url.indexOf('?');
  return start < 0 ? '' : request.url.slice(start);
}

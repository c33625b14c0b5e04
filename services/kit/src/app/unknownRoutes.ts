import type { FastifyRequest } from 'fastify';
import { DomainError, MethodNotAllowedError, NotFoundError } from '../errors';
import { AllowedMethods } from './AllowedMethods';
import type { ServiceApp } from './ServiceApp';

/**
 * 404 for an address that nothing has, 405 for a method that an address does not take; before
 * anything is said of the body. Knows the routes that are added afterwards.
 */
export function refuseUnknownRoutes(server: ServiceApp): void {
  const allowed = new AllowedMethods();
  server.addHook('onRoute', route => allowed.add(route));
  server.addHook('onRequest', (request, _reply, done) => {
    if (request.is404) done(refusalOf(request, allowed));
    else done();
  });
}

function refusalOf(
  { method, url }: FastifyRequest,
  allowed: AllowedMethods,
): DomainError {
  const path = url.split('?')[0];
  const asked = `${method} ${path.slice(0, 200)}`;
  const allowedMethods = allowed.of(path);
  if (allowedMethods.length === 0) {
    return new NotFoundError(
      `There is no route ${asked}. GET /openapi.json lists all of them.`,
      { code: 'unknown_route' },
    );
  }
  return new MethodNotAllowedError(
    `There is no route ${asked}. Use ${allowedMethods.join(' or ')}.`,
    { allowedMethods },
  );
}

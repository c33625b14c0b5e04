import Fastify, { LogController } from 'fastify';
import {
  createErrorHandler,
  MethodNotAllowedError,
  NotFoundError,
} from '../errors';
import { randomId } from '../time';
import { AllowedMethods } from './AllowedMethods';
import type { AppOptions } from './buildApp';
import type { ServiceApp } from './ServiceApp';
import {
  checkingSerializerCompiler,
  jsonSerializerCompiler,
  zodValidatorCompiler,
} from './validation';

/** Fastify as every service has it, without routes and without authentication yet. */
export function createServer(
  options: Pick<
    AppOptions,
    'logger' | 'bodyLimitBytes' | 'newId' | 'checkAnswers'
  > & {
    /** Aborts when the app begins to close. */
    closing: AbortSignal;
  },
): ServiceApp {
  const {
    logger,
    bodyLimitBytes = 10 * 1024 * 1024,
    newId = randomId,
    checkAnswers,
    closing,
  } = options;
  const errorHandler = createErrorHandler({ newId });

  const server = Fastify({
    loggerInstance: logger,
    // One line per request would cost more than the request; metrics count them.
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: parent => parent,
    bodyLimit: bodyLimitBytes,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // Longer than the idle timeout of common load balancers (60 s).
    keepAliveTimeout: 75_000,
    routerOptions: { maxParamLength: 512 },
    frameworkErrors: errorHandler,
    // Without these Fastify loads ajv, which nothing here uses.
    schemaController: {
      compilersFactory: {
        buildValidator: () => zodValidatorCompiler as never,
        buildSerializer: () =>
          (checkAnswers
            ? checkingSerializerCompiler
            : jsonSerializerCompiler) as never,
      },
    },
  }) as unknown as ServiceApp;

  server.decorate('closing', closing);
  server.setErrorHandler(errorHandler);
  addNotFoundHandler(server);
  return server;
}

/** 404 for an address that nothing has, 405 for a method that an address does not take. */
function addNotFoundHandler(server: ServiceApp): void {
  const allowed = new AllowedMethods();
  server.addHook('onRoute', route => allowed.add(route));
  server.setNotFoundHandler(({ method, url }) => {
    const path = url.split('?')[0];
    const asked = `${method} ${path.slice(0, 200)}`;
    const allowedMethods = allowed.of(path);
    if (allowedMethods.length > 0) {
      throw new MethodNotAllowedError(
        `There is no route ${asked}. Use ${allowedMethods.join(' or ')}.`,
        { allowedMethods },
      );
    }
    throw new NotFoundError(
      `There is no route ${asked}. GET /openapi.json lists all of them.`,
      { code: 'unknown_route' },
    );
  });
}

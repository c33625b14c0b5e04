import Fastify, { LogController } from 'fastify';
import { createErrorHandler } from '../errors';
import { randomId } from '../time';
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
  return server;
}

import { addAuthentication, AuthOptions } from '../auth/authentication';
import type { Logger } from '../logging/createLogger';
import {
  createOpenApiDocument,
  OpenApiDocument,
  OpenApiInfo,
} from '../openapi/createOpenApiDocument';
import { RouteCatalog } from '../openapi/RouteCatalog';
import type {
  ServiceDefinition,
  ServiceHealth,
} from '../service/ServiceDefinition';
import { addServiceRoutes, checkHealth } from '../service/serviceRoutes';
import type { IdGenerator } from '../time';
import { createServer } from './createServer';
import { addJsonBodyParser } from './jsonBody';
import type { ServiceApp } from './ServiceApp';
import { refuseUnknownRoutes } from './unknownRoutes';

export type AppOptions = {
  /** Services to mount, in the order in which the OpenAPI document names them. */
  services: ServiceDefinition[];
  auth: AuthOptions;
  logger: Logger;
  /** What the OpenAPI document says about itself; `serverUrl` may become known after listening. */
  info: OpenApiInfo | (() => OpenApiInfo);
  /** Routes beside the services', e.g. the token issuer's; same rules, auth policy included. */
  routes?: (app: ServiceApp) => void | Promise<void>;
  /** Sets hooks that hold for every route and run before authentication. */
  hooks?: (app: ServiceApp) => void;
  /** Largest body; default 10 MiB. */
  bodyLimitBytes?: number;
  /** How long {@link App.close} waits for requests in flight; default 5 s. */
  drainTimeoutMs?: number;
  newId?: IdGenerator;
  /** What `/openapi.json` answers; default: the document over all mounted services. */
  document?: () => Promise<OpenApiDocument>;
  /** For tests: check answers against their schemas. */
  checkAnswers?: boolean;
};

/** How often connections are looked at while the app closes. */
const IDLE_SWEEP_MS = 50;

/** Groups the documented routes that belong to no service. */
const ENVIRONMENT_TAG = 'Environment';

/** A running (or ready to run) composition of services. */
export type App = {
  fastify: ServiceApp;
  /** The merged document over all mounted services; built at the first call. */
  openApi(): OpenApiDocument;
  /** What `/openapi.json` answers. */
  document(): Promise<OpenApiDocument>;
  /** Health by service name. */
  health(): Promise<Record<string, ServiceHealth>>;
  /** Port 0 takes a free one. Rejects with `EADDRINUSE` when it is taken. */
  listen(address: { host: string; port: number }): Promise<{ port: number }>;
  /**
   * Stops accepting, lets requests in flight end within the drain timeout, cuts the
   * rest, then closes the services. Safe to call twice.
   */
  close(): Promise<void>;
};

/** Composes services into one Fastify app, ready for `listen` or `inject`. */
export async function buildApp(options: AppOptions): Promise<App> {
  const { services, auth, drainTimeoutMs = 5000 } = options;
  const closing = new AbortController();
  const catalog = new RouteCatalog();

  const fastify = createServer({ ...options, closing: closing.signal });
  options.hooks?.(fastify);
  refuseUnknownRoutes(fastify);
  addJsonBodyParser(fastify);
  addAuthentication(fastify, auth);

  let document: OpenApiDocument | undefined;
  const openApi = () => {
    document ??= createOpenApiDocument({
      info: readInfo(options.info),
      services,
      routes: catalog.all(),
    });
    return document;
  };

  const answer = options.document ?? (async () => openApi());

  if (options.routes) {
    await fastify.register(async app => {
      app.addHook('onRoute', route => catalog.add(ENVIRONMENT_TAG, route));
      await options.routes!(app);
    });
  }
  for (const service of services) {
    await fastify.register(async app => {
      app.addHook('onRoute', route => catalog.add(service.name, route));
      // Made once: lines of its requests say whose they are, at no cost per request.
      const logger = options.logger.child({ service: service.name });
      app.setChildLoggerFactory(() => logger);
      addServiceRoutes(app, {
        service,
        describe: () =>
          createOpenApiDocument({
            info: readInfo(options.info),
            services: [service],
            routes: catalog.of(service.name),
          }),
      });
      await service.routes(app);
    });
  }
  fastify.get(
    '/openapi.json',
    { config: { auth: 'public', undocumented: true } },
    answer,
  );
  await fastify.ready();

  let closed: Promise<void> | undefined;
  async function close(): Promise<void> {
    closing.abort();
    const cut = setTimeout(
      () => fastify.server.closeAllConnections(),
      drainTimeoutMs,
    );
    // What answers while the closing begins is idle only afterwards, and nobody asks again.
    const sweep = setInterval(
      () => fastify.server.closeIdleConnections(),
      IDLE_SWEEP_MS,
    );
    await fastify.close();
    clearInterval(sweep);
    clearTimeout(cut);
    for (const service of [...services].reverse()) await service.close();
  }

  return {
    fastify,
    openApi,
    document: answer,
    async health() {
      const entries = services.map(
        async service => [service.name, await checkHealth(service)] as const,
      );
      return Object.fromEntries(await Promise.all(entries));
    },
    async listen({ host, port }) {
      await fastify.listen({ host, port });
      for (const service of services) await service.start?.();
      const address = fastify.server.address();
      return {
        port: typeof address === 'object' && address ? address.port : port,
      };
    },
    close: () => (closed ??= close()),
  };
}

function readInfo(info: AppOptions['info']): OpenApiInfo {
  return typeof info === 'function' ? info() : info;
}

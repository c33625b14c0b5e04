import type { ServiceApp } from '../app/ServiceApp';

/** `DOWN` names what is missing, in a sentence. */
export type ServiceHealth =
  | { status: 'UP' }
  | { status: 'DOWN'; reason: string };

/**
 * One microservice as the runtime mounts it. The kit adds
 * `GET <prefix>/service/health` and `GET <prefix>/service/meta`.
 */
export type ServiceDefinition = {
  /** `model-invocation`. */
  name: string;
  /** For people; names the service's group of routes in the OpenAPI document. */
  title: string;
  description: string;
  /** `/model`; health and meta hang below it. */
  prefix: `/${string}`;
  /**
   * Registers the routes with their full address. Hooks, parsers and error handlers set
   * here stay inside the service.
   */
  routes(app: ServiceApp): void | Promise<void>;
  /** Whether it can do its work now: looks at what it depends on, cheaply. */
  health(): ServiceHealth | Promise<ServiceHealth>;
  /** Called once the app is ready, e.g. to resume work that a crash interrupted. */
  start?(): void | Promise<void>;
  /** Called after the last request was answered. */
  close(): void | Promise<void>;
};

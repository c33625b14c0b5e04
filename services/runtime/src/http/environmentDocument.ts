import {
  type AppOptions,
  buildApp,
  type OpenApiDocument,
  type ServiceDefinition,
} from '@genai-environments/service-kit';
import type { HostedService } from '../config';

/**
 * Makes the OpenAPI document over all services of an environment, also over those that other
 * processes answer for: their routes are mounted in an app that nobody can call.
 */
export function createEnvironmentDocument(options: {
  /** Which services there are. */
  list: () => Promise<readonly HostedService[]>;
  describe: (services: readonly HostedService[]) => ServiceDefinition[];
  app: Omit<AppOptions, 'services'>;
}): () => Promise<OpenApiDocument> {
  const { list, describe, app } = options;
  let made: { of: string; document: Promise<OpenApiDocument> } | undefined;

  async function make(services: readonly HostedService[]) {
    const described = await buildApp({ ...app, services: describe(services) });
    return described.openApi();
  }

  return async () => {
    const services = await list();
    const of = services.join();
    if (made?.of !== of) made = { of, document: make(services) };
    return made.document;
  };
}

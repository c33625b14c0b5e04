import { join } from 'node:path';
import {
  createTokenVerifier,
  FileObjectStore,
  type Logger,
  objectRoutes,
  openDatabase,
} from '@genai-environments/service-kit';
import { createLocalJWKSet } from 'jose';
import { ApplicationRegistry } from '../applications';
import { AdministeredApplications } from '../applications/AdministeredApplications';
import { type RuntimeConfig, WORKER_SERVICES } from '../config';
import { loadTokenIssuer } from '../issuer/loadTokenIssuer';
import { ISSUER_ROUTES } from '../issuer/routes';
import { loadSigningKeys, toPublicJwk } from '../issuer/signingKeys';
import { tokenIssuerRoutes } from '../issuer/tokenIssuerRoutes';
import { assertDataDirectory } from '../lifecycle/dataDirectory';
import { loadObjectSigningKey } from '../objects/objectSigningKey';
import type { Platform } from './Platform';

/**
 * Keeps everything in the data directory and issues tokens itself.
 *
 * @throws ConfigError when the data directory is not one of an environment
 */
export async function createLocalPlatform(options: {
  config: RuntimeConfig;
  logger: Logger;
}): Promise<Platform> {
  const { config, logger } = options;
  const { dataDirectory, publicUrl } = config;
  await assertDataDirectory(dataDirectory);
  const keys = await loadSigningKeys({ dataDirectory });
  const objects = new FileObjectStore({
    directory: join(dataDirectory, 'objects'),
    baseUrl: () => publicUrl,
    signingKey: await loadObjectSigningKey(dataDirectory),
  });
  const { database, registry, administered } = openApplications(dataDirectory);
  const audience = `urn:genai-environment:${config.environment.uid}`;
  const issuer = { issuer: publicUrl, audience, keys, registry, logger };

  return {
    objects,
    auth: {
      directory: administered.directory,
      verifier: createTokenVerifier({
        issuer: publicUrl,
        audience,
        algorithms: ['ES256'],
        keys: createLocalJWKSet({ keys: keys.map(toPublicJwk) }),
      }),
    },
    applications: administered,
    portalApplications: {
      put: application => registry.put(application),
      delete: clientId => registry.delete(clientId),
      list: () =>
        registry.list().filter(({ clientId }) => !administered.isOwn(clientId)),
    },
    tokens: { issuer: publicUrl, tokenUrl: publicUrl + ISSUER_ROUTES.token },
    routes: [
      tokenIssuerRoutes({
        publicUrl,
        load: () => loadTokenIssuer(issuer).callback(),
      }),
      ...(config.services.includes('document-processing')
        ? [objectRoutes(objects)]
        : []),
    ],
    registry,
    reaches: service =>
      config.services.includes(service) ||
      config.workers.some(worker => WORKER_SERVICES[worker] === service),
    storage: {
      models: () => ({ dataDirectory }),
      prompts: () => ({ dataDirectory }),
      documents: () => ({ dataDirectory, objects }),
      vectors: () => ({ dataDirectory }),
    },
    close: async () => {
      if (database.isOpen) database.close();
    },
  };
}

function openApplications(dataDirectory: string) {
  const database = openDatabase({
    path: join(dataDirectory, 'applications.db'),
    migrations: [
      ...ApplicationRegistry.migrations,
      ...AdministeredApplications.migrations,
    ],
  });
  const registry = new ApplicationRegistry({ database });
  return {
    ...{ database, registry },
    administered: new AdministeredApplications({ database, registry }),
  };
}

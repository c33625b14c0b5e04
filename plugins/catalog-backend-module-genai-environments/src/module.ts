import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  catalogProcessingExtensionPoint,
  catalogServiceRef,
} from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { ApiDocuments } from './provider/ApiDocuments';
import { EnvironmentReader } from './provider/EnvironmentReader';
import { GenaiEnvironmentsEntityProvider } from './provider/GenaiEnvironmentsEntityProvider';
import { KnownApis } from './provider/KnownApis';

/** How often everything is compared, in case an event was lost. */
const SYNC_SCHEDULE = {
  frequency: { seconds: 60 },
  timeout: { minutes: 5 },
  initialDelay: { seconds: 30 },
};

/** Adds an entity provider that emits the entities of each environment. */
export const catalogModuleGenaiEnvironments = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'genai-environments',
  register(env) {
    env.registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        discovery: coreServices.discovery,
        events: eventsServiceRef,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        processing: catalogProcessingExtensionPoint,
        scheduler: coreServices.scheduler,
      },
      async init(deps) {
        const { auth, catalog, discovery, logger } = deps;
        const reader = EnvironmentReader.create({ auth, discovery });
        const provider = GenaiEnvironmentsEntityProvider.create({
          reader,
          documents: ApiDocuments.create({ reader, logger }),
          knownApis: KnownApis.create({ auth, catalog }),
          events: deps.events,
          logger,
          taskRunner: deps.scheduler.createScheduledTaskRunner(SYNC_SCHEDULE),
        });
        deps.processing.addEntityProvider(provider);
        deps.lifecycle.addShutdownHook(() => provider.shutdown());
      },
    });
  },
});

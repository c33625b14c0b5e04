import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { GENAI_ENVIRONMENTS_PLUGIN_ID } from '@genai-environments/backstage-plugin-genai-environments-common';
import {
  genaiProvisionersExtensionPoint,
  Provisioner,
} from '@genai-environments/backstage-plugin-genai-environments-node';
import { readPluginConfig } from './config';
import { DatabaseClock } from './database/DatabaseClock';
import { EnvironmentStore } from './database/EnvironmentStore';
import { EventStore } from './database/EventStore';
import { LeaseStore } from './database/LeaseStore';
import { openDatabase } from './database/migrations';
import type { EnvironmentRow } from './database/rows';
import { registerEnvironmentPermissions } from './permissions/registerPermissions';
import { environmentResourceRef } from './permissions/rules';
import { Housekeeping } from './reconciler/Housekeeping';
import { Reconciler } from './reconciler/Reconciler';
import { createRouter } from './router/createRouter';
import { ChangeFeed } from './service/ChangeFeed';
import { ChangePublisher } from './service/ChangePublisher';
import { createEnvironmentService } from './service/createEnvironmentService';
import { ProvisionerRegistry } from './service/ProvisionerRegistry';

/** Below the time for which Backstage lets shutdown hooks run. */
const SHUTDOWN_TIMEOUT_MS = 5_000;

/**
 * REST API, records and reconciler of GenAI Environments.
 *
 * Needs at least one module that adds a provisioner.
 */
export const genaiEnvironmentsPlugin = createBackendPlugin({
  pluginId: GENAI_ENVIRONMENTS_PLUGIN_ID,
  register(env) {
    const provisioners = new Map<string, Provisioner>();
    env.registerExtensionPoint(genaiProvisionersExtensionPoint, {
      addProvisioner(provisioner) {
        if (provisioners.has(provisioner.id)) {
          throw new Error(
            `A provisioner with the id "${provisioner.id}" was added before. Install only one of them.`,
          );
        }
        provisioners.set(provisioner.id, provisioner);
      },
    });

    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        config: coreServices.rootConfig,
        database: coreServices.database,
        events: eventsServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
        signals: signalsServiceRef,
        userInfo: coreServices.userInfo,
      },
      async init(deps) {
        const { logger, lifecycle, permissionsRegistry } = deps;
        const config = readPluginConfig(deps.config);
        const { pollIntervalMs } = config.reconciler;
        const registry = new ProvisionerRegistry({
          provisioners,
          defaultProvisioner: config.defaultProvisioner,
          logger,
        });
        if (provisioners.size === 0) {
          logger.warn(
            'No provisioner is installed, so no environment can be created. Add a backend module such as backstage-plugin-genai-environments-backend-module-local.',
          );
        }

        const knex = await openDatabase(deps.database);
        const clock = await DatabaseClock.create({
          knex,
          onError: error =>
            logger.warn('Could not read the time of the database', {
              error: String(error),
            }),
        });
        const { now } = clock;
        const environments = new EnvironmentStore({ knex, now });
        const events = new EventStore(knex);
        const feed = new ChangeFeed({ environments, logger, pollIntervalMs });
        const publisher = new ChangePublisher({ ...deps, feed });

        const { initialBackoffMs, maxBackoffMs, ...timing } = config.reconciler;
        const reconciler = new Reconciler({
          ...timing,
          environments,
          provisioners,
          logger,
          now,
          leases: new LeaseStore({
            knex,
            now,
            owner: `${hostname().slice(0, 40)}/${process.pid}/${randomUUID()}`,
            ttlMs: timing.leaseTtlMs,
          }),
          backoff: { initialMs: initialBackoffMs, maxMs: maxBackoffMs },
          shutdownTimeoutMs: SHUTDOWN_TIMEOUT_MS,
          onRecorded: ({ row, changed }) => {
            if (changed) publisher.publish(row);
          },
        });
        const onChanged = (row: EnvironmentRow) => {
          publisher.publish(row);
          reconciler.wake();
        };
        const housekeeping = new Housekeeping({
          knex,
          environments,
          now,
          retentionMs: config.retentionMs,
          onChanged,
        });

        registerEnvironmentPermissions({ permissionsRegistry, environments });

        const service = createEnvironmentService({
          ...deps,
          knex,
          now,
          environments,
          events,
          feed,
          registry,
          ruleset: permissionsRegistry.getPermissionRuleset(
            environmentResourceRef,
          ),
          limits: config.limits,
          onChanged,
        });
        deps.httpRouter.use(createRouter({ service, httpAuth: deps.httpAuth }));

        lifecycle.addStartupHook(() => reconciler.start());
        lifecycle.addShutdownHook(async () => {
          feed.close();
          await reconciler.stop();
          clock.stop();
          await Promise.allSettled(
            [...provisioners.values()].map(provisioner =>
              provisioner.shutdown?.(),
            ),
          );
        });
        await deps.scheduler.scheduleTask({
          id: 'genai-environments-housekeeping',
          frequency: { milliseconds: timing.expiryCheckIntervalMs },
          timeout: { minutes: 5 },
          fn: signal => housekeeping.run(signal),
        });
      },
    });
  },
});

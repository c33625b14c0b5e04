import type { ServiceDefinition } from '@genai-environments/service-kit';
import { addApplicationRoutes } from './routes/applications';
import type { RouteDependencies } from './routes/dependencies';
import { addInvocationLogRoute } from './routes/invocationLog';
import { addJobMetricsRoutes } from './routes/jobMetrics';
import { addLimitRoutes } from './routes/limits';
import { addPlatformRoutes } from './routes/platform';
import { addUsageRoute } from './routes/usage';
import { addUsageMetricsRoute } from './routes/usageMetrics';
import { addVectorMetricsRoutes } from './routes/vectorMetrics';

/** The service as the runtime mounts it. */
export function createAdministrationService(
  dependencies: RouteDependencies,
): ServiceDefinition {
  return {
    name: 'administration',
    title: 'Administration',
    description:
      'Applications, limits, usage and health of the environment, for those who run it.',
    prefix: '/admin',
    routes(app) {
      addPlatformRoutes(app, dependencies);
      addApplicationRoutes(app, dependencies);
      addUsageMetricsRoute(app, dependencies);
      addJobMetricsRoutes(app, dependencies);
      addVectorMetricsRoutes(app, dependencies);
      addInvocationLogRoute(app, dependencies);
      addLimitRoutes(app, dependencies);
      addUsageRoute(app, dependencies);
    },
    // It keeps nothing: what it shows is in the other services, which say how they are.
    health: () => ({ status: 'UP' }),
    close() {},
  };
}

import type { ServiceDefinition } from '@genai-environments/service-kit';
import { addAnswerRoute } from './routes/answerRoute';
import type { RouteDependencies } from './routes/dependencies';
import { addIndexRoutes } from './routes/indexRoutes';
import { addJobRoutes } from './routes/jobRoutes';
import { addSearchRoute } from './routes/searchRoute';
import { addStoreRoutes } from './routes/storeRoutes';

/** The service as the runtime mounts it. */
export function createVectorService(options: {
  dependencies: RouteDependencies;
  health: ServiceDefinition['health'];
  start: () => void;
  close: () => Promise<void>;
}): ServiceDefinition {
  const { dependencies, health, start, close } = options;
  return {
    name: 'vectorization',
    title: 'Vectors',
    description:
      'Embeds chunks into indexes, searches them, and answers questions from them.',
    prefix: '/vector',
    routes(app) {
      addStoreRoutes(app, dependencies);
      addIndexRoutes(app, dependencies);
      addJobRoutes(app, dependencies);
      addSearchRoute(app, dependencies);
      addAnswerRoute(app, dependencies);
    },
    health,
    start,
    close,
  };
}

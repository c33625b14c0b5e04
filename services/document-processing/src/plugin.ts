import type { ServiceDefinition } from '@genai-environments/service-kit';
import { addChunkingFileRoutes } from './routes/chunking/files';
import { addChunkingJobRoutes } from './routes/chunking/jobs';
import type { RouteDependencies } from './routes/dependencies';
import { addExtractionFileRoutes } from './routes/extraction/files';
import { addExtractionJobRoutes } from './routes/extraction/jobs';
import { addIngestRoutes } from './routes/ingest/ingestRoutes';

/** The service as the runtime mounts it. */
export function createDocumentService(options: {
  dependencies: RouteDependencies;
  health: ServiceDefinition['health'];
  start: () => void;
  close: ServiceDefinition['close'];
}): ServiceDefinition {
  const { dependencies, health, start, close } = options;
  return {
    name: 'document-processing',
    title: 'Documents',
    description: 'Extracts the text of documents and cuts it into chunks.',
    prefix: '/document',
    async routes(app) {
      addExtractionJobRoutes(app, dependencies);
      addExtractionFileRoutes(app, dependencies);
      addChunkingJobRoutes(app, dependencies);
      addChunkingFileRoutes(app, dependencies);
      await app.register(async ingestApp =>
        addIngestRoutes(ingestApp, dependencies),
      );
    },
    health,
    start,
    close,
  };
}

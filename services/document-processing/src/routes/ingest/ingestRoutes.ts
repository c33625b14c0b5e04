import type { ServiceApp } from '@genai-environments/service-kit';
import multipart from '@fastify/multipart';
import { MAX_FILE_BYTES } from '../../domain/Format';
import { documentAuth, RouteDependencies } from '../dependencies';
import { deletedSchema, idParams } from '../schemas';
import { streamProgress } from './progressStream';
import { receiveForm } from './receiveForm';
import { ingestSchema, toIngestAnswer } from './schemas';

const config = { auth: documentAuth };

/** Most files of one request. */
const MAX_FORM_FILES = 200;

/** Ingest in one call. */
export async function addIngestRoutes(
  app: ServiceApp,
  dependencies: RouteDependencies,
): Promise<void> {
  const { ingests } = dependencies;
  await app.register(multipart, {
    limits: {
      fileSize: MAX_FILE_BYTES,
      files: MAX_FORM_FILES,
      fields: 20,
      fieldSize: 1000,
      fieldNameSize: 100,
    },
  });

  app.post(
    '/document/ingest',
    {
      config,
      schema: {
        summary: 'Extract, chunk and vectorize files in one call',
        description:
          'A form with files and, before them, the fields `index_id`, `chunking_strategy` (default `recursive`), `chunk_size` and `chunk_overlap`. Without `index_id` it ends after chunking; with it, the token needs `genai/vector.write`, too.',
        consumes: ['multipart/form-data'],
        response: { 200: ingestSchema },
      },
    },
    async request => {
      const { clientId } = request.caller!;
      const ingest = await receiveForm(request, dependencies);
      await ingests.start(ingest);
      return toIngestAnswer(await ingests.progress(clientId, ingest.id));
    },
  );

  app.get(
    '/document/ingest/:id',
    {
      config,
      schema: {
        summary: 'Say how far an ingest and each of its files are',
        params: idParams,
        response: { 200: ingestSchema },
      },
    },
    async request =>
      toIngestAnswer(
        await ingests.progress(request.caller!.clientId, request.params.id),
      ),
  );

  app.get(
    '/document/ingest/:id/events',
    {
      config,
      schema: {
        summary: 'Follow an ingest as server-sent events until it ends',
        description:
          'An event `progress` with the same content as GET /document/ingest/{id} now and at each change.',
        params: idParams,
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => {
      const { clientId } = request.caller!;
      const { id } = request.params;
      // Refused before the stream begins, with a status of its own.
      await ingests.progress(clientId, id);
      await streamProgress(reply, {
        read: () => ingests.progress(clientId, id),
        closing: app.closing,
      });
    },
  );

  app.delete(
    '/document/ingest/:id',
    {
      config,
      schema: {
        summary: 'Delete an ingest with its jobs; vectors stay in their index',
        params: idParams,
        response: { 200: deletedSchema },
      },
    },
    async request => {
      await ingests.delete(request.caller!.clientId, request.params.id);
      return { deleted: true as const };
    },
  );
}

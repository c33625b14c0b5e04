import { NEXT_CURSOR, type ServiceApp } from '@genai-environments/service-kit';
import { documentAuth, RouteDependencies } from '../dependencies';
import { idParams, pageQuery } from '../schemas';
import { filesSchema, toFileAnswer, urlRequest, urlSchema } from './schemas';

const config = { auth: documentAuth };

/** Files of chunking jobs and their chunks. */
export function addChunkingFileRoutes(
  app: ServiceApp,
  { chunking }: RouteDependencies,
): void {
  app.get(
    '/document/chunking/job_files/:id',
    {
      config,
      schema: {
        summary: 'List the files of a chunking job',
        params: idParams,
        querystring: pageQuery,
        response: { 200: filesSchema },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { items, nextCursor } = await chunking.listFiles(
        request.caller!.clientId,
        id,
        request.query,
      );
      if (nextCursor !== undefined) reply.header(NEXT_CURSOR, nextCursor);
      return { chunking_job_id: id, files: items.map(toFileAnswer) };
    },
  );

  app.post(
    '/document/chunking/chunk_file_url',
    {
      config,
      schema: {
        summary: "Get an address of a file's chunks",
        description: 'The address is valid for an hour.',
        body: urlRequest,
        response: { 200: urlSchema },
      },
    },
    async request => {
      const { chunking_job_id: jobId, file_name: name } = request.body;
      const { clientId } = request.caller!;
      const file = await chunking.getFile(clientId, jobId, name);
      return {
        file_name: name,
        chunk_file_url: await chunking.signChunks(file),
        chunking_job_id: jobId,
      };
    },
  );
}

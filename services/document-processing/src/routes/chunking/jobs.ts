import { NEXT_CURSOR, type ServiceApp } from '@genai-environments/service-kit';
import * as z from 'zod';
import { documentAuth, RouteDependencies } from '../dependencies';
import {
  ACCEPTED,
  deletedSchema,
  idParams,
  OBJECTS_FOLLOW,
  pageQuery,
  toSettings,
} from '../schemas';
import {
  createdSchema,
  createRequest,
  jobSchema,
  listedJobSchema,
  toChunkingStatus,
  toJobAnswer,
} from './schemas';

const config = { auth: documentAuth };

/** Making, watching and deleting chunking jobs. */
export function addChunkingJobRoutes(
  app: ServiceApp,
  { chunking }: RouteDependencies,
): void {
  app.post(
    '/document/chunking/create_job',
    {
      config,
      schema: {
        summary: 'Cut the text of an extraction job into chunks',
        description: ACCEPTED,
        body: createRequest,
        response: { 200: createdSchema },
      },
    },
    async request => {
      const {
        extraction_job_id: extractionJobId,
        chunking_strategy: strategy,
        chunking_params: params,
      } = request.body;
      const job = await chunking.create(request.caller!.clientId, {
        extractionJobId,
        settings: toSettings({ strategy, params }),
      });
      return {
        chunking_job_id: job.id,
        extraction_job_id: extractionJobId,
        status: toChunkingStatus(job),
        total_file_count: job.totalFiles,
      };
    },
  );

  app.get(
    '/document/chunking/job_status/:id',
    {
      config,
      schema: {
        summary: 'Say how far a chunking job is',
        params: idParams,
        response: { 200: jobSchema },
      },
    },
    async request =>
      toJobAnswer(
        await chunking.get(request.caller!.clientId, request.params.id),
      ),
  );

  app.delete(
    '/document/chunking/:id',
    {
      config,
      schema: {
        summary: 'Delete a chunking job with its chunks',
        description: OBJECTS_FOLLOW,
        params: idParams,
        response: { 200: deletedSchema },
      },
    },
    async request => {
      await chunking.delete(request.caller!.clientId, request.params.id);
      return { deleted: true as const };
    },
  );

  app.get(
    '/document/chunking/list_jobs',
    {
      config,
      schema: {
        summary: 'List chunking jobs, the newest first',
        querystring: pageQuery,
        response: { 200: z.array(listedJobSchema) },
      },
    },
    async (request, reply) => {
      const { clientId } = request.caller!;
      const { items, nextCursor } = await chunking.list(
        clientId,
        request.query,
      );
      if (nextCursor !== undefined) reply.header(NEXT_CURSOR, nextCursor);
      return items.map(job => ({
        ...toJobAnswer(job),
        extraction_job_id: job.extractionJobId!,
        chunking_strategy: job.chunking!.strategy,
        updated_at: new Date(job.updatedAt).toISOString(),
      }));
    },
  );
}

import { NEXT_CURSOR, type ServiceApp } from '@genai-environments/service-kit';
import * as z from 'zod';
import { documentAuth, RouteDependencies } from '../dependencies';
import {
  ACCEPTED,
  deletedSchema,
  idParams,
  OBJECTS_FOLLOW,
  pageQuery,
} from '../schemas';
import {
  createdSchema,
  jobSchema,
  listedJobSchema,
  startedSchema,
  startRequest,
  toJobAnswer,
  toWord,
} from './schemas';

const config = { auth: documentAuth };

/** Making, starting, watching and deleting extraction jobs. */
export function addExtractionJobRoutes(
  app: ServiceApp,
  { extraction }: RouteDependencies,
): void {
  app.get(
    '/document/extraction/create_job',
    {
      config,
      schema: {
        summary: 'Create an extraction job',
        response: { 200: createdSchema },
      },
    },
    async request => {
      const { id } = await extraction.create(request.caller!.clientId);
      return { extraction_job_id: id, status: 'CREATED' as const };
    },
  );

  app.post(
    '/document/extraction/start_job',
    {
      config,
      schema: {
        summary: 'Extract the uploaded files of a job',
        description: ACCEPTED,
        body: startRequest,
        response: { 200: startedSchema },
      },
    },
    async request => {
      const { extraction_job_id: jobId } = request.body;
      const job = await extraction.start(request.caller!.clientId, jobId);
      return {
        extraction_job_id: jobId,
        total_files: job.totalFiles,
        // A small job may have ended by now: what was asked for is that it starts.
        status: 'STARTED' as const,
      };
    },
  );

  app.get(
    '/document/extraction/job_status/:id',
    {
      config,
      schema: {
        summary: 'Say how far an extraction job is',
        params: idParams,
        response: { 200: jobSchema },
      },
    },
    async request =>
      toJobAnswer(
        await extraction.get(request.caller!.clientId, request.params.id),
      ),
  );

  app.delete(
    '/document/extraction/:id',
    {
      config,
      schema: {
        summary: 'Delete an extraction job with its uploads and results',
        description: OBJECTS_FOLLOW,
        params: idParams,
        response: { 200: deletedSchema },
      },
    },
    async request => {
      await extraction.delete(request.caller!.clientId, request.params.id);
      return { deleted: true as const };
    },
  );

  app.get(
    '/document/extraction/list_jobs',
    {
      config,
      schema: {
        summary: 'List extraction jobs, the newest first',
        querystring: pageQuery,
        response: { 200: z.array(listedJobSchema) },
      },
    },
    async (request, reply) => {
      const { clientId } = request.caller!;
      const { items, nextCursor } = await extraction.list(
        clientId,
        request.query,
      );
      if (nextCursor !== undefined) reply.header(NEXT_CURSOR, nextCursor);
      return items.map(job => ({
        ...toJobAnswer(job),
        queued_files:
          toWord(job.status) === 'STARTED'
            ? job.totalFiles - job.completedFiles - job.failedFiles
            : 0,
        updated_at: new Date(job.updatedAt).toISOString(),
      }));
    },
  );
}

import {
  classicOr,
  NEXT_CURSOR,
  type ServiceApp,
} from '@genai-environments/service-kit';
import * as z from 'zod';
import { JobFile, statusOf, VectorizeJob } from '../domain/VectorizeJob';
import type { RouteDependencies } from './dependencies';
import {
  idSchema,
  metadataSchema,
  pageQuerySchema,
  timestampSchema,
  toTimestamp,
} from './schemas';

const jobSchema = z
  .object({
    vectorize_job_id: z.string(),
    vector_store_id: z.string(),
    index_id: z.string(),
    chunking_job_id: z.string(),
    total_file_count: z.int(),
    completed_file_count: z.int(),
    failed_file_count: z.int(),
    status: z.enum([
      'STARTED',
      'IN_PROGRESS',
      'COMPLETED',
      'COMPLETED_WITH_ERRORS',
      'FAILED',
    ]),
    created_at: timestampSchema,
    updated_at: timestampSchema,
  })
  .meta({ id: 'VectorizeJob' });

const fileSchema = z
  .object({
    file_name: z.string(),
    status: z.enum(['PENDING', 'IN_PROGRESS', 'COMPLETED', 'FAILED']),
    chunk_count: z.int().optional(),
    reason: z.string().optional().describe('Why it failed.'),
  })
  .meta({ id: 'VectorizeJobFile' });

const jobIdSchema = z.object({ vectorize_job_id: idSchema });

/** Starting, watching and forgetting vectorization jobs. */
export function addJobRoutes(
  app: ServiceApp,
  dependencies: RouteDependencies,
): void {
  addStartRoute(app, dependencies);
  addReadRoutes(app, dependencies);
  addListRoutes(app, dependencies);

  app.delete(
    '/vector/job/:vectorize_job_id',
    {
      config: { auth: classicOr('genai/vector.write') },
      schema: {
        summary: 'Delete a vectorization job; what it added stays in the index',
        params: jobIdSchema,
        response: {
          200: z.object({
            vectorize_job_id: z.string(),
            status: z.literal('DELETED'),
          }),
        },
      },
    },
    async request => {
      const { vectorize_job_id: jobId } = request.params;
      await dependencies.jobs.remove(request.caller!.clientId, jobId);
      return { vectorize_job_id: jobId, status: 'DELETED' as const };
    },
  );
}

function addStartRoute(app: ServiceApp, { jobs }: RouteDependencies): void {
  app.post(
    '/vector/store/vectorize',
    {
      config: { auth: classicOr('genai/vector.write') },
      schema: {
        summary: 'Embed the chunks of a chunking job into an index',
        description:
          'Doing it again replaces what the same chunking job added before. The embedding ' +
          'model is the one that filled the index, or the default one for an empty index. A job ' +
          'that was answered is recorded: if its files could not be queued, they are later.',
        body: z
          .object({
            chunking_job_id: idSchema,
            index_id: idSchema,
            metadata: metadataSchema.optional(),
          })
          .meta({ id: 'VectorizeRequest' }),
        response: { 200: jobSchema },
      },
    },
    async request => {
      const { chunking_job_id: chunkingJobId, index_id: indexId } =
        request.body;
      const { metadata } = request.body;
      return toAnswer(
        await jobs.start(request.caller!.clientId, {
          chunkingJobId,
          indexId,
          metadata,
        }),
      );
    },
  );
}

function addReadRoutes(app: ServiceApp, { jobs }: RouteDependencies): void {
  app.get(
    '/vector/job/status/:vectorize_job_id',
    {
      config: { auth: classicOr('genai/vector.read') },
      schema: {
        summary: 'Say how far a vectorization job is',
        params: jobIdSchema,
        response: { 200: jobSchema },
      },
    },
    async request =>
      toAnswer(
        await jobs.get(
          request.caller!.clientId,
          request.params.vectorize_job_id,
        ),
      ),
  );
}

function addListRoutes(app: ServiceApp, { jobs }: RouteDependencies): void {
  app.get(
    '/vector/job/files/:vectorize_job_id',
    {
      config: { auth: classicOr('genai/vector.read') },
      schema: {
        summary: 'List the files of a vectorization job',
        params: jobIdSchema,
        querystring: pageQuerySchema,
        response: { 200: z.array(fileSchema) },
      },
    },
    async (request, reply) => {
      const { items, nextCursor } = await jobs.listFiles(
        request.caller!.clientId,
        request.params.vectorize_job_id,
        request.query,
      );
      if (nextCursor !== undefined) reply.header(NEXT_CURSOR, nextCursor);
      return items.map(toFileAnswer);
    },
  );

  app.get(
    '/vector/jobs/list',
    {
      config: { auth: classicOr('genai/vector.read') },
      schema: {
        summary: 'List the vectorization jobs',
        querystring: pageQuerySchema,
        response: { 200: z.array(jobSchema) },
      },
    },
    async (request, reply) => {
      const { items, nextCursor } = await jobs.list(
        request.caller!.clientId,
        request.query,
      );
      if (nextCursor !== undefined) reply.header(NEXT_CURSOR, nextCursor);
      return items.map(toAnswer);
    },
  );
}

function toAnswer(job: VectorizeJob) {
  return {
    vectorize_job_id: job.id,
    vector_store_id: job.storeId,
    index_id: job.indexId,
    chunking_job_id: job.chunkingJobId,
    total_file_count: job.totalFiles,
    completed_file_count: job.completedFiles,
    failed_file_count: job.failedFiles,
    status: statusOf(job),
    created_at: toTimestamp(job.createdAt),
    updated_at: toTimestamp(job.updatedAt),
  };
}

function toFileAnswer(file: JobFile) {
  return {
    file_name: file.fileName,
    status: file.status,
    ...(file.chunkCount === undefined ? {} : { chunk_count: file.chunkCount }),
    ...(file.reason === undefined ? {} : { reason: file.reason }),
  };
}

import {
  classicOr,
  NEXT_CURSOR,
  type ServiceApp,
} from '@genai-environments/service-kit';
import * as z from 'zod';
import type { VectorIndexRecord } from '../domain/VectorStore';
import type { RouteDependencies } from './dependencies';
import {
  fileNameSchema,
  idSchema,
  nameSchema,
  pageQuerySchema,
  storeTypeSchema,
  timestampSchema,
  toTimestamp,
  VECTORS_FOLLOW,
} from './schemas';

const createdSchema = z
  .object({
    index_id: z.string(),
    index_name: z.string(),
    store_id: z.string(),
    store_type: storeTypeSchema,
    message: z.string(),
  })
  .meta({ id: 'CreatedVectorIndex' });

const indexSchema = z
  .object({
    index_id: z.string(),
    index_name: z.string(),
    store_id: z.string(),
    store_type: storeTypeSchema,
    status: z.literal('ACTIVE'),
    model_name: z
      .string()
      .optional()
      .describe('Embedding model; fixed by the first vectors.'),
    dimension: z.int().optional(),
    created_at: timestampSchema,
  })
  .meta({ id: 'VectorIndex' });

const indexIdSchema = z.object({ index_id: idSchema });

/** `/vector/store/index/*` and the list of a store's indexes. */
export function addIndexRoutes(
  app: ServiceApp,
  dependencies: RouteDependencies,
): void {
  addCreateRoute(app, dependencies);
  addReadRoutes(app, dependencies);
  addDeleteRoutes(app, dependencies);
}

function addCreateRoute(app: ServiceApp, { stores }: RouteDependencies): void {
  app.post(
    '/vector/store/index/create',
    {
      config: { auth: classicOr('genai/vector.write') },
      schema: {
        summary: 'Create an index in a vector store',
        body: z
          .object({ store_id: idSchema, index_name: nameSchema })
          .meta({ id: 'CreateVectorIndexRequest' }),
        response: { 200: createdSchema },
      },
    },
    async request => {
      const { store_id: storeId, index_name: name } = request.body;
      const { clientId } = request.caller!;
      const index = await stores.createIndex(clientId, { storeId, name });
      return {
        index_id: index.id,
        index_name: index.name,
        store_id: index.storeId,
        store_type: index.storeType,
        message: `The index was created. ${stores.describe(index.storeType)}`,
      };
    },
  );
}

function addReadRoutes(app: ServiceApp, { stores }: RouteDependencies): void {
  app.post(
    '/vector/store/index/status',
    {
      config: { auth: classicOr('genai/vector.read') },
      schema: {
        summary: 'Say how an index is',
        body: indexIdSchema.meta({ id: 'VectorIndexIdRequest' }),
        response: {
          200: z
            .object({
              index_id: z.string(),
              status: z.enum(['ACTIVE', 'NOT_FOUND_OR_READY']),
            })
            .meta({ id: 'VectorIndexStatus' }),
        },
      },
    },
    async request => {
      const { index_id: indexId } = request.body;
      const found = await stores.findIndex(request.caller!.clientId, indexId);
      return {
        index_id: indexId,
        status: found ? ('ACTIVE' as const) : ('NOT_FOUND_OR_READY' as const),
      };
    },
  );

  app.get(
    '/vector/store/:store_id/indexes',
    {
      config: { auth: classicOr('genai/vector.read') },
      schema: {
        summary: 'List the indexes of a vector store',
        params: z.object({ store_id: idSchema }),
        querystring: pageQuerySchema,
        response: { 200: z.array(indexSchema) },
      },
    },
    async (request, reply) => {
      const { items, nextCursor } = await stores.listIndexes(
        request.caller!.clientId,
        { ...request.query, storeId: request.params.store_id },
      );
      if (nextCursor !== undefined) reply.header(NEXT_CURSOR, nextCursor);
      return items.map(toAnswer);
    },
  );
}

function addDeleteRoutes(app: ServiceApp, { stores }: RouteDependencies): void {
  app.delete(
    '/vector/store/index/:index_id',
    {
      config: { auth: classicOr('genai/vector.write') },
      schema: {
        summary: 'Delete an index with its vectors and jobs',
        description: VECTORS_FOLLOW,
        params: indexIdSchema,
        response: {
          200: z.object({ index_id: z.string(), status: z.literal('DELETED') }),
        },
      },
    },
    async request => {
      const { index_id: indexId } = request.params;
      await stores.removeIndex(request.caller!.clientId, indexId);
      return { index_id: indexId, status: 'DELETED' as const };
    },
  );

  app.post(
    '/vector/store/index/documents/delete',
    {
      config: { auth: classicOr('genai/vector.write') },
      schema: {
        summary: 'Delete the chunks of a file from an index',
        body: z
          .object({
            index_id: idSchema,
            file_name: fileNameSchema,
            chunking_job_id: idSchema
              .optional()
              .describe('Only those of this job; all when absent.'),
          })
          .meta({ id: 'DeleteDocumentsRequest' }),
        response: {
          200: z
            .object({ index_id: z.string(), deleted_chunks: z.int() })
            .meta({ id: 'DeletedDocuments' }),
        },
      },
    },
    async request => {
      const { index_id: indexId, file_name: fileName } = request.body;
      const deleted = await stores.removeDocuments(request.caller!.clientId, {
        indexId,
        fileName,
        chunkingJobId: request.body.chunking_job_id,
      });
      return { index_id: indexId, deleted_chunks: deleted };
    },
  );
}

function toAnswer(index: VectorIndexRecord) {
  return {
    index_id: index.id,
    index_name: index.name,
    store_id: index.storeId,
    store_type: index.storeType,
    status: 'ACTIVE' as const,
    ...(index.embedding
      ? {
          model_name: index.embedding.model,
          dimension: index.embedding.dimension,
        }
      : {}),
    created_at: toTimestamp(index.createdAt),
  };
}

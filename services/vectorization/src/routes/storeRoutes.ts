import {
  classicOr,
  NEXT_CURSOR,
  type ServiceApp,
} from '@genai-environments/service-kit';
import * as z from 'zod';
import type { VectorStore } from '../domain/VectorStore';
import type { RouteDependencies } from './dependencies';
import {
  idSchema,
  nameSchema,
  pageQuerySchema,
  storeTypeSchema,
  timestampSchema,
  toTimestamp,
  VECTORS_FOLLOW,
} from './schemas';

const tagsSchema = z
  .array(
    z.object({
      key: z.string().min(1, 'must not be empty').max(128),
      value: z.string().max(256),
    }),
  )
  .max(50);

const createRequestSchema = z
  .object({
    store_name: nameSchema,
    store_type: storeTypeSchema
      .nullish()
      .describe(
        "What is to keep the vectors. Default: the environment's choice.",
      ),
    description: z.string().max(2000).nullish(),
    tags: tagsSchema.nullish(),
  })
  .meta({ id: 'CreateVectorStoreRequest' });

const createdSchema = z
  .object({
    store_id: z.string(),
    store_name: z.string(),
    store_type: storeTypeSchema,
    message: z.string(),
  })
  .meta({ id: 'CreatedVectorStore' });

const storeSchema = z
  .object({
    store_id: z.string(),
    store_name: z.string(),
    store_type: storeTypeSchema,
    description: z.string().optional(),
    tags: tagsSchema,
    status: z.literal('ACTIVE'),
    created_at: timestampSchema,
  })
  .meta({ id: 'VectorStore' });

const storeIdSchema = z.object({ store_id: idSchema });

/** `/vector/store/*` but its indexes. */
export function addStoreRoutes(
  app: ServiceApp,
  dependencies: RouteDependencies,
): void {
  addCreateRoute(app, dependencies);
  addReadRoutes(app, dependencies);

  app.delete(
    '/vector/store/:store_id',
    {
      config: { auth: classicOr('genai/vector.write') },
      schema: {
        summary:
          'Delete a vector store with its indexes, their vectors and jobs',
        description: VECTORS_FOLLOW,
        params: storeIdSchema,
        response: {
          200: z.object({ store_id: z.string(), status: z.literal('DELETED') }),
        },
      },
    },
    async request => {
      const { store_id: storeId } = request.params;
      await dependencies.stores.remove(request.caller!.clientId, storeId);
      return { store_id: storeId, status: 'DELETED' as const };
    },
  );
}

function addCreateRoute(app: ServiceApp, { stores }: RouteDependencies): void {
  app.post(
    '/vector/store/create',
    {
      config: { auth: classicOr('genai/vector.write') },
      schema: {
        summary: 'Create a vector store',
        body: createRequestSchema,
        response: { 200: createdSchema },
      },
    },
    async request => {
      const { body } = request;
      const store = await stores.create(request.caller!.clientId, {
        name: body.store_name,
        type: body.store_type ?? undefined,
        description: body.description ?? undefined,
        tags: body.tags ?? [],
      });
      return {
        store_id: store.id,
        store_name: store.name,
        store_type: store.type,
        message: `The vector store was created. ${stores.describe(store.type)}`,
      };
    },
  );
}

function addReadRoutes(app: ServiceApp, { stores }: RouteDependencies): void {
  app.post(
    '/vector/store/status',
    {
      config: { auth: classicOr('genai/vector.read') },
      schema: {
        summary: 'Say how a vector store is',
        body: storeIdSchema.meta({ id: 'VectorStoreIdRequest' }),
        response: {
          200: z
            .object({
              store_id: z.string(),
              status: z.enum([
                'ACTIVE',
                'CREATING',
                'DELETING',
                'FAILED',
                'NOT_FOUND',
              ]),
            })
            .meta({ id: 'VectorStoreStatus' }),
        },
      },
    },
    async request => {
      const { store_id: storeId } = request.body;
      const found = await stores.find(request.caller!.clientId, storeId);
      return {
        store_id: storeId,
        status: found ? ('ACTIVE' as const) : ('NOT_FOUND' as const),
      };
    },
  );

  app.post(
    '/vector/stores/list',
    {
      config: { auth: classicOr('genai/vector.read') },
      schema: {
        summary: 'List the vector stores',
        querystring: pageQuerySchema,
        response: { 200: z.array(storeSchema) },
      },
    },
    async (request, reply) => {
      const { items, nextCursor } = await stores.list(
        request.caller!.clientId,
        request.query,
      );
      if (nextCursor !== undefined) reply.header(NEXT_CURSOR, nextCursor);
      return items.map(toAnswer);
    },
  );
}

function toAnswer(store: VectorStore) {
  return {
    store_id: store.id,
    store_name: store.name,
    store_type: store.type,
    ...(store.description === undefined
      ? {}
      : { description: store.description }),
    tags: store.tags,
    status: 'ACTIVE' as const,
    created_at: toTimestamp(store.createdAt),
  };
}

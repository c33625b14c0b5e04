import type { ServiceApp } from '@genai-environments/service-kit';
import { toDayRange, toTimeRange } from '../domain/dateRange';
import type { RouteDependencies } from './dependencies';
import {
  metricsRequestSchema,
  vectorIndexesRequestSchema,
  vectorIndexMetricsSchema,
  vectorStoreMetricsSchema,
} from './metricsSchemas';

/** `POST /admin/metrics/vector-stores` and `/admin/metrics/vector-indexes`. */
export function addVectorMetricsRoutes(
  app: ServiceApp,
  { administration, metrics, auth }: RouteDependencies,
): void {
  app.post(
    '/admin/metrics/vector-stores',
    {
      config: { auth },
      schema: {
        summary: 'List the vector stores of an application',
        body: metricsRequestSchema,
        response: { 200: vectorStoreMetricsSchema },
      },
    },
    async request => {
      const { app_id: id, start_date, end_date, ...page } = request.body;
      const range = toDayRange({ from: start_date, to: end_date });
      await administration.getApplication(id);
      const { items, nextCursor } = await metrics.stores(id, {
        ...toTimeRange(range),
        ...toPage(page),
      });
      return {
        items: items.map(store => ({
          vector_store_id: store.storeId,
          store_name: store.name,
          app_id: store.clientId,
          store_type: store.type,
          created_at: new Date(store.createdAt).toISOString(),
        })),
        last_evaluated_key: nextCursor ?? null,
      };
    },
  );

  app.post(
    '/admin/metrics/vector-indexes',
    {
      config: { auth },
      schema: {
        summary: 'List the indexes of a vector store',
        body: vectorIndexesRequestSchema,
        response: { 200: vectorIndexMetricsSchema },
      },
    },
    async request => {
      const { vector_store_id: id, ...page } = request.body;
      const { items, nextCursor } = await metrics.indexes(id, toPage(page));
      return {
        items: items.map(index => ({
          index_id: index.indexId,
          vector_store_id: index.storeId,
          index_name: index.name,
          created_at: new Date(index.createdAt).toISOString(),
        })),
        last_evaluated_key: nextCursor ?? null,
      };
    },
  );
}

function toPage(page: { limit: number; last_evaluated_key?: string }) {
  return { limit: page.limit, cursor: page.last_evaluated_key };
}

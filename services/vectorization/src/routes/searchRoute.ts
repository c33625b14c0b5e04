import { classicOr, type ServiceApp } from '@genai-environments/service-kit';
import * as z from 'zod';
import { parseFilter } from '../domain/filter';
import type { RouteDependencies } from './dependencies';
import { filterSchema, idSchema, topKSchema } from './schemas';

const DEFAULT_TOP_K = 4;

const searchRequestSchema = z
  .object({
    query: z.string().max(20_000).regex(/\S/, 'must not be blank'),
    index_id: idSchema,
    top_k: topKSchema.optional().describe('Most chunks to answer; default 4.'),
    mode: z
      .enum(['vector', 'hybrid'])
      .optional()
      .describe(
        '`vector` (default): nearest by meaning. `hybrid`: joined with words in common by reciprocal rank fusion; 400 where the store does not rank by words.',
      ),
    filter: filterSchema.optional(),
  })
  .meta({ id: 'SearchRequest' });

const foundSchema = z
  .object({
    text: z.string(),
    score: z
      .number()
      .describe('Higher fits better. Scores of two requests do not compare.'),
    file_name: z.string(),
    page_number: z.int().optional(),
    chunk_id: z.string(),
  })
  .meta({ id: 'FoundChunk' });

/** `POST /vector/search`. */
export function addSearchRoute(
  app: ServiceApp,
  { search }: RouteDependencies,
): void {
  app.post(
    '/vector/search',
    {
      config: { auth: classicOr('genai/vector.read') },
      schema: {
        summary: 'Find the chunks that fit a text best',
        body: searchRequestSchema,
        response: { 200: z.array(foundSchema) },
      },
    },
    async request => {
      const { query, index_id: indexId, filter } = request.body;
      const found = await search.find(request.caller!.clientId, {
        query,
        indexId,
        topK: request.body.top_k ?? DEFAULT_TOP_K,
        mode: request.body.mode ?? 'vector',
        filter: filter && parseFilter(filter),
      });
      return found.map(({ text, score, fileName, pageNumber, chunkId }) => ({
        text,
        score,
        file_name: fileName,
        ...(pageNumber === undefined ? {} : { page_number: pageNumber }),
        chunk_id: chunkId,
      }));
    },
  );
}

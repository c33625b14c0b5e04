import * as z from 'zod';
import type { McpSearch } from '../ports';
import {
  describeSource,
  filterSchema,
  indexIdSchema,
  passageSchema,
  toData,
} from './passages';
import { defineTool, type Tool } from './Tool';

/** `search`: passages of an index for a query. */
export function createSearchTool(search: McpSearch): Tool {
  return defineTool({
    name: 'search',
    title: 'Search documents',
    description:
      'Finds the passages of an index that fit a query best, with file and page.',
    scopes: ['genai/vector.read'],
    idempotent: true,
    input: z.object({
      index_id: indexIdSchema,
      query: z.string().min(1).max(10_000),
      top_k: z.int().min(1).max(50).default(4),
      mode: z.enum(['vector', 'hybrid']).default('vector'),
      filter: filterSchema,
    }),
    output: z.object({ passages: z.array(passageSchema) }),
    async run(input, { clientId }) {
      const passages = await search(clientId, {
        indexId: input.index_id,
        query: input.query,
        topK: input.top_k,
        mode: input.mode,
        filter: input.filter,
      });
      const text = passages
        .map((each, at) => `[${at + 1}] ${describeSource(each)}\n${each.text}`)
        .join('\n\n');
      return {
        text: text || 'Nothing was found.',
        data: { passages: passages.map(toData) },
      };
    },
  });
}

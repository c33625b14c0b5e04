import { createHash } from 'node:crypto';

/**
 * How an index of OpenSearch is made. Vectors have length 1, so that their inner product is
 * their cosine: not every version takes `cosinesimil` with faiss. Only faiss filters while it
 * searches.
 *
 * @see https://docs.opensearch.org/latest/field-types/supported-field-types/knn-vector/
 */
export function indexDefinition(dimension: number): object {
  return {
    settings: {
      index: { knn: true },
      analysis: {
        analyzer: {
          words: {
            type: 'custom',
            tokenizer: 'standard',
            filter: ['lowercase', 'asciifolding', 'stop'],
          },
        },
      },
    },
    mappings: {
      dynamic: false,
      // One field per key that has numbers; all other metadata is in `tags`.
      dynamic_templates: [
        { numbers: { path_match: 'numbers.*', mapping: { type: 'double' } } },
      ],
      properties: {
        vector: {
          type: 'knn_vector',
          dimension,
          method: {
            name: 'hnsw',
            engine: 'faiss',
            space_type: 'innerproduct',
            parameters: { m: 16, ef_construction: 256 },
          },
        },
        text: { type: 'text', analyzer: 'words' },
        file_name: { type: 'keyword' },
        page_number: { type: 'integer' },
        tags: { type: 'keyword' },
        numbers: { type: 'object', dynamic: true },
        document: { type: 'keyword' },
        position: { type: 'integer' },
        written_at: { type: 'long' },
      },
    },
  };
}

/** Names of indexes are lower case, and hold no spaces or signs. */
export function indexName(indexId: string): string {
  return /^[a-z0-9-]{1,200}$/.test(indexId)
    ? `genai-${indexId}`
    : `genai.${createHash('sha256').update(indexId).digest('hex')}`;
}

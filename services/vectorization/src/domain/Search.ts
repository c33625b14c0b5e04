import type { Embedder } from '../ports/Embedder';
import type { FoundChunk } from './Chunk';
import type { Filter } from './filter';
import { fuseRankings } from './fuseRankings';
import type { VectorIndexes } from './VectorIndexes';
import type { VectorStores } from './VectorStores';

/** `hybrid` joins nearness of vectors with words in common. */
export type SearchMode = 'vector' | 'hybrid';

export type SearchRequest = {
  indexId: string;
  query: string;
  topK: number;
  /** Default: `hybrid` where the index ranks by words, else `vector`. */
  mode?: SearchMode;
  filter?: Filter;
};

/** Each ranking of a hybrid search is so much longer than its answer, and so long at least. */
const FUSION_FACTOR = 4;
const FUSION_DEPTH = 40;

/** Finds chunks for a text. */
export class Search {
  constructor(
    private readonly options: {
      stores: VectorStores;
      indexes: VectorIndexes;
      embedder: Embedder;
    },
  ) {}

  /**
   * Best first; nothing while the index is empty.
   *
   * @throws NotFoundError (`index_not_found`)
   * @throws InvalidInputError (`hybrid_search_unavailable`) when `hybrid` is asked of an
   * index that does not rank by words
   */
  async find(clientId: string, request: SearchRequest): Promise<FoundChunk[]> {
    const { stores, indexes, embedder } = this.options;
    const { indexId, query, topK, filter } = request;
    const { embedding, storeType } = await stores.getIndex(clientId, indexId);
    if (!embedding) return [];
    const vectors = indexes.of(storeType);
    const mode = request.mode ?? (vectors.ranksByText ? 'hybrid' : 'vector');

    const limit =
      mode === 'vector' ? topK : Math.max(topK * FUSION_FACTOR, FUSION_DEPTH);
    const byVector = async () => {
      const { vectors: embedded } = await embedder.embed(clientId, {
        model: embedding.model,
        inputs: [query],
        purpose: 'query',
      });
      const vector = Float32Array.from(embedded[0]);
      return vectors.searchByVector(indexId, { vector, limit, filter });
    };
    if (mode === 'vector') return byVector();

    const rankings = await Promise.all([
      byVector(),
      vectors.searchByText(indexId, { text: query, limit, filter }),
    ]);
    return fuseRankings(rankings, topK);
  }
}

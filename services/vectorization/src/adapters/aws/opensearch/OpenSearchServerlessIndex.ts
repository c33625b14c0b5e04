import {
  type Clock,
  ConflictError,
  type ServiceHealth,
} from '@genai-environments/service-kit';
import type { DynamoTableClient } from '@genai-environments/service-kit/aws';
import type {
  EmbeddedChunk,
  FoundChunk,
  SourceDocument,
} from '../../../domain/Chunk';
import type { Filter } from '../../../domain/filter';
import { noIndex } from '../../../domain/noIndex';
import type { VectorIndex } from '../../../ports/VectorIndex';
import { VectorIndexRecords } from '../VectorIndexRecords';
import { documentKeyOf } from '../vectorKey';
import { ChunkCollection } from './ChunkCollection';
import {
  type Hit,
  toChunkDocument,
  toCosine,
  toFoundChunk,
  toUnit,
} from './chunkDocuments';
import { ChunkPlaces, MAX_PLACES } from './ChunkPlaces';
import { onlyCurrent } from './onlyCurrent';
import type { SearchConnection } from './SearchConnection';
import { toSearchFilter } from './toSearchFilter';

/** Hits that are asked for beyond the limit: some may count no more. */
const SPARE_HITS = 20;
const MAX_HITS = 2000;

/** Indexes that are known to be there. */
const MAX_KNOWN = 10_000;

/** Nobody works on a batch for so long: what has no place by then never gets one. */
const ABANDONED_MS = 15 * 60_000;
const SWEPT_AT_ONCE = 1000;

/**
 * Keeps chunks in a vector search collection of OpenSearch Serverless, and in the environment's
 * table which of its documents count: the collection makes their ids itself and shows changes
 * only after a while. So what is removed is gone at once and nothing is found twice, while new
 * chunks are found after about a minute. At most 50 chunks become visible at once.
 *
 * @see docs/adr/0012-which-documents-of-opensearch-count.md
 */
export class OpenSearchServerlessIndex implements VectorIndex {
  readonly type = 'opensearchserverless';
  readonly ranksByText = true;

  private readonly collection: ChunkCollection;
  private readonly records: VectorIndexRecords;
  private readonly places: ChunkPlaces;
  private readonly dimensions = new Map<string, number>();

  constructor(
    private readonly options: {
      connection: SearchConnection;
      table: DynamoTableClient;
      clock: Clock;
    },
  ) {
    this.collection = new ChunkCollection(options);
    this.records = new VectorIndexRecords(options);
    this.places = new ChunkPlaces(options);
  }

  create: VectorIndex['create'] = indexId => this.records.create(indexId);

  upsert: VectorIndex['upsert'] = async (indexId, batch) => {
    const { chunks, ...rest } = batch;
    await this.open(indexId, chunks);
    for (let from = 0; from < chunks.length; from += MAX_PLACES) {
      await this.put(indexId, {
        ...rest,
        chunks: chunks.slice(from, from + MAX_PLACES),
      });
    }
    if (await this.records.find(indexId)) return;
    // It was dropped meanwhile; writing may have brought it back.
    await this.drop(indexId);
    throw noIndex();
  };

  trim: VectorIndex['trim'] = async (indexId, { document, length }) => {
    await this.getDimension(indexId);
    const found = await this.records.findDocument(indexId, document);
    if (!found) return;
    if (found.length > length) {
      const { ids } = await this.cut(indexId, { ...found, from: length });
      await this.collection.remove(indexId, ids);
      await this.records.shorten(indexId, { document: found, length });
    }
    await this.sweep(indexId, document);
  };

  removeDocuments: VectorIndex['removeDocuments'] = async (indexId, which) => {
    await this.getDimension(indexId);
    let removed = 0;
    const all = await this.records.listDocuments(indexId, which.fileName);
    for (const document of all) {
      const { chunkingJobId = document.chunkingJobId } = which;
      if (document.chunkingJobId !== chunkingJobId) continue;
      const { ids, count } = await this.cut(indexId, { ...document, from: 0 });
      await this.collection.remove(indexId, ids);
      await this.sweep(indexId, document);
      await this.records.shorten(indexId, { document, length: 0 });
      removed += count;
    }
    return removed;
  };

  searchByVector: VectorIndex['searchByVector'] = async (indexId, query) => {
    const dimension = await this.getDimension(indexId);
    if (dimension === undefined) return [];
    assertDimension(query.vector.length, dimension);
    const vector = toUnit(query.vector);
    const filter = query.filter && toSearchFilter(query.filter);
    const found = await this.search(indexId, query.limit, size => ({
      knn: { vector: { vector, k: size, ...(filter ? { filter } : {}) } },
    }));
    return found.map(hit => toFoundChunk(hit, toCosine(hit._score)));
  };

  searchByText: VectorIndex['searchByText'] = async (indexId, query) => {
    if ((await this.getDimension(indexId)) === undefined) return [];
    const found = await this.search(indexId, query.limit, () =>
      matching(query.text, query.filter),
    );
    return found.map((hit): FoundChunk => toFoundChunk(hit, hit._score));
  };

  /** Reads the place of every chunk. */
  count: VectorIndex['count'] = async indexId => {
    await this.getDimension(indexId);
    let count = 0;
    for await (const document of this.records.allDocuments(indexId)) {
      count += await this.places.count(placesOf(indexId, document));
    }
    return count;
  };

  drop: VectorIndex['drop'] = async indexId => {
    await this.records.remove(indexId);
    this.dimensions.delete(indexId);
    await this.collection.deleteIndex(indexId);
    for await (const document of this.records.allDocuments(indexId)) {
      await this.cut(indexId, { ...document, from: 0 });
    }
    await this.records.removeDocuments(indexId);
  };

  async health(): Promise<ServiceHealth> {
    try {
      await this.collection.reach();
      return { status: 'UP' };
    } catch {
      return {
        status: 'DOWN',
        reason: 'The collection of OpenSearch Serverless cannot be reached.',
      };
    }
  }

  async close(): Promise<void> {
    this.dimensions.clear();
  }

  /** Documents first, then their places: what has none is found by nobody. */
  private async put(
    indexId: string,
    batch: Parameters<VectorIndex['upsert']>[1],
  ): Promise<void> {
    const { document, metadata, chunks } = batch;
    const now = this.options.clock.now();
    const key = documentKeyOf(document);
    const { fileName } = document;
    const length = 1 + Math.max(...chunks.map(({ position }) => position));
    await this.records.reserve(indexId, { document, length });
    const ids = await this.collection.add(
      indexId,
      chunks.map(chunk =>
        toChunkDocument(chunk, { key, fileName, metadata, now }),
      ),
    );
    const byPosition = new Map(
      chunks.map(({ position }, at) => [position, ids[at]]),
    );
    const place = placesOf(indexId, document);
    const stale = await this.places.set(place, byPosition, now);
    await this.collection.remove(indexId, stale);
  }

  /** Asks for more until enough of it counts. */
  private async search(
    indexId: string,
    limit: number,
    toQuery: (size: number) => object,
  ): Promise<Hit[]> {
    for (let size = limit + SPARE_HITS; ; size *= 4) {
      const query = toQuery(size);
      const hits = await this.collection.search(indexId, { size, query });
      const current = await onlyCurrent(this.places, {
        ...{ indexId, hits: hits ?? [], now: this.options.clock.now() },
      });
      if (current.length === 0) await this.assertExists(indexId);
      const isAll = !hits || hits.length < size || size > MAX_HITS;
      if (isAll || current.length >= limit) return current.slice(0, limit);
    }
  }

  /** Removes what workers wrote that died before it got a place. */
  private async sweep(
    indexId: string,
    document: SourceDocument,
  ): Promise<void> {
    const now = this.options.clock.now();
    const hits = await this.collection.search(indexId, {
      size: SWEPT_AT_ONCE,
      fields: ['document', 'position'],
      query: {
        bool: {
          filter: [
            { term: { document: documentKeyOf(document) } },
            { range: { written_at: { lte: now - ABANDONED_MS } } },
          ],
        },
      },
    });
    if (!hits || hits.length === 0) return;
    const current = await onlyCurrent(this.places, { indexId, hits, now });
    const kept = new Set(current.map(({ _id }) => _id));
    const abandoned = hits.map(({ _id }) => _id).filter(id => !kept.has(id));
    await this.collection.remove(indexId, abandoned);
  }

  private cut(
    indexId: string,
    document: SourceDocument & { length: number; from: number },
  ) {
    const { from, length: to } = document;
    return this.places.cut(placesOf(indexId, document), { from, to });
  }

  /** Makes the index of OpenSearch before the first write, which would make one without vectors. */
  private async open(indexId: string, chunks: EmbeddedChunk[]): Promise<void> {
    const known = this.dimensions.get(indexId);
    if (chunks.length === 0) return;
    const dimension =
      known ??
      (await this.records.fixDimension(indexId, chunks[0].vector.length));
    if (dimension === undefined) throw noIndex();
    for (const { vector } of chunks) assertDimension(vector.length, dimension);
    if (known !== undefined) return;
    await this.collection.createIndex(indexId, dimension);
    if (this.dimensions.size >= MAX_KNOWN) this.dimensions.clear();
    this.dimensions.set(indexId, dimension);
  }

  /** `undefined` while the index is empty. */
  private async getDimension(indexId: string): Promise<number | undefined> {
    const known = this.dimensions.get(indexId);
    if (known !== undefined) return known;
    const record = await this.records.find(indexId);
    if (!record) throw noIndex();
    return record.dimension;
  }

  private async assertExists(indexId: string): Promise<void> {
    if (await this.records.find(indexId)) return;
    this.dimensions.delete(indexId);
    throw noIndex();
  }
}

function matching(text: string, filter?: Filter): object {
  const must = [{ match: { text } }];
  return {
    bool: { must, ...(filter ? { filter: [toSearchFilter(filter)] } : {}) },
  };
}

function placesOf(indexId: string, document: SourceDocument) {
  return { indexId, document: documentKeyOf(document) };
}

function assertDimension(given: number, fixed: number): void {
  if (given === fixed) return;
  throw new ConflictError(
    `The index holds vectors of ${fixed} dimensions, and one of ${given} was given. Use the embedding model that filled the index, or make another index.`,
    { code: 'dimension_mismatch' },
  );
}

import type {
  DocumentMetadata,
  EmbeddedChunk,
  FoundChunk,
} from '../../../domain/Chunk';

/** What is kept of a chunk in OpenSearch. */
export type ChunkDocument = {
  vector: number[];
  text: string;
  file_name: string;
  page_number?: number;
  chunk_id: string;
  /** Of the document that the chunk is part of. */
  document: string;
  position: number;
  tags: string[];
  numbers: Record<string, number>;
  /** Milliseconds since 1970. */
  written_at: number;
};

/** A hit of a search; `_id` was made by OpenSearch. */
export type Hit = {
  _id: string;
  _score: number;
  _source: Omit<ChunkDocument, 'vector'>;
};

export function toChunkDocument(
  chunk: EmbeddedChunk,
  document: {
    key: string;
    fileName: string;
    metadata: DocumentMetadata;
    now: number;
  },
): ChunkDocument {
  const { key, fileName, metadata, now } = document;
  const numbers = Object.entries(metadata).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  );
  return {
    vector: toUnit(chunk.vector),
    text: chunk.text,
    file_name: fileName,
    ...(chunk.pageNumber === undefined
      ? {}
      : { page_number: chunk.pageNumber }),
    chunk_id: chunk.chunkId,
    document: key,
    position: chunk.position,
    tags: Object.entries(metadata).flatMap(([field, value]) => [
      tagOf(field),
      ...[value].flat().map(each => tagOf(field, each)),
    ]),
    numbers: Object.fromEntries(
      numbers.map(([field, value]) => [numberKey(field), value]),
    ),
    written_at: now,
  };
}

export function toFoundChunk(
  { _source: source }: Hit,
  score: number,
): FoundChunk {
  const { page_number: pageNumber } = source;
  return {
    chunkId: source.chunk_id,
    fileName: source.file_name,
    ...(pageNumber === undefined ? {} : { pageNumber }),
    text: source.text,
    score,
  };
}

/** Says that a field is there, or what it, or an item of it, is. */
export function tagOf(field: string, value?: string | number | boolean) {
  return JSON.stringify(value === undefined ? [field] : [field, value]);
}

/** Keys of callers may hold dots, which would nest fields. */
export function numberKey(field: string): string {
  return `k${Buffer.from(field).toString('hex')}`;
}

/** Brings a vector to length 1; one of zeros stays. */
export function toUnit(vector: Float32Array): number[] {
  const length = Math.hypot(...vector);
  return Array.from(vector, value => (length === 0 ? 0 : value / length));
}

/**
 * The cosine that a score stands for.
 *
 * @see https://docs.opensearch.org/latest/vector-search/getting-started/ `innerproduct`: 1 + d
 * for products above 0, else 1 / (1 - d)
 */
export function toCosine(score: number): number {
  return score >= 1 ? score - 1 : 1 - 1 / score;
}

import { InvalidInputError } from '@genai-environments/service-kit';
import type {
  DocumentMetadata,
  EmbeddedChunk,
  FoundChunk,
} from '../../domain/Chunk';

export const FILE_KEY = 'file_name';
export const PAGE_KEY = 'page_number';
const TEXT_KEY = 'text';
const CHUNK_KEY = 'chunk_id';

/** Kept with a vector, but no filter may name them; fixed when an index is made. */
export const UNFILTERED_KEYS = [TEXT_KEY, CHUNK_KEY];

/** What S3 Vectors keeps with a vector. */
const MAX_METADATA_BYTES = 40 * 1024;
const MAX_FILTERABLE_BYTES = 2 * 1024;
const MAX_KEYS = 50;

/** The key of what a caller says about a document: never one of those above. */
export function metadataKey(field: string): string {
  return `m_${field}`;
}

/**
 * What is stored with the vector of a chunk. Empty lists are left out: S3 Vectors knows none.
 *
 * @throws InvalidInputError (`metadata_too_large`, `chunk_too_large`)
 */
export function toVectorMetadata(
  chunk: EmbeddedChunk,
  document: { fileName: string; metadata: DocumentMetadata },
): Record<string, string | number | boolean | string[]> {
  const filterable = {
    ...Object.fromEntries(
      Object.entries(document.metadata)
        .filter(([, value]) => !Array.isArray(value) || value.length > 0)
        .map(([field, value]) => [metadataKey(field), value]),
    ),
    [FILE_KEY]: document.fileName,
    ...(chunk.pageNumber === undefined ? {} : { [PAGE_KEY]: chunk.pageNumber }),
  };
  const all = {
    ...filterable,
    [TEXT_KEY]: chunk.text,
    [CHUNK_KEY]: chunk.chunkId,
  };
  const isTooMuch =
    bytesOf(filterable) > MAX_FILTERABLE_BYTES ||
    Object.keys(all).length > MAX_KEYS;
  if (isTooMuch) {
    throw new InvalidInputError(
      'The file name and the metadata of the file are more than S3 Vectors keeps for filters: 2 KB and 46 keys. Shorten them.',
      { code: 'metadata_too_large' },
    );
  }
  if (bytesOf(all) > MAX_METADATA_BYTES) {
    throw new InvalidInputError(
      `Chunk ${chunk.position} is larger than the 40 KB that S3 Vectors keeps per vector. Chunk the file into smaller pieces.`,
      { code: 'chunk_too_large' },
    );
  }
  return all;
}

/** @param distance - of cosines: 0 for the same direction, 2 for the opposite one */
export function toFoundChunk(vector: {
  metadata?: unknown;
  distance?: number;
}): FoundChunk {
  const metadata = vector.metadata as Record<string, string>;
  const page = metadata[PAGE_KEY];
  return {
    chunkId: metadata[CHUNK_KEY],
    fileName: metadata[FILE_KEY],
    ...(page === undefined ? {} : { pageNumber: Number(page) }),
    text: metadata[TEXT_KEY],
    score: 1 - (vector.distance ?? 0),
  };
}

function bytesOf(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}

import type { ObjectStore } from '@genai-environments/service-kit';
import { Readable } from 'node:stream';
import { chunksKey } from '../objectKeys';
import { readLineDocument, writeLineDocument } from './lineDocument';

/** A chunk and the page on which it begins, where the file has pages. */
export type Chunk = { text: string; pageNumber?: number };

type StoredChunk = { chunk: string; page_number?: number };

/** @returns how many there were */
export async function storeChunks(
  chunks: AsyncIterable<Chunk>,
  options: { objects: ObjectStore; file: { jobId: string; id: string } },
): Promise<number> {
  let count = 0;
  async function* items(): AsyncGenerator<StoredChunk> {
    for await (const { text, pageNumber } of chunks) {
      count += 1;
      yield pageNumber === undefined
        ? { chunk: text }
        : { chunk: text, page_number: pageNumber };
    }
  }
  await options.objects.put(
    chunksKey(options.file),
    Readable.from(writeLineDocument(items())),
    { contentType: 'application/json' },
  );
  return count;
}

/** Chunks in their order; `undefined` when there is no such artefact. */
export async function openChunks(
  objects: ObjectStore,
  file: { jobId: string; id: string },
): Promise<AsyncIterable<Chunk> | undefined> {
  const stored = await objects.get(chunksKey(file));
  if (!stored) return undefined;
  return (async function* chunks() {
    for await (const item of readLineDocument<StoredChunk>(stored.body)) {
      yield item.page_number === undefined
        ? { text: item.chunk }
        : { text: item.chunk, pageNumber: item.page_number };
    }
  })();
}

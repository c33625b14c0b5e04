import type { VectorIndex } from '../../../ports/VectorIndex';
import { SqliteVectorIndex } from './SqliteVectorIndex';
import { ThreadedVectorIndex } from './ThreadedVectorIndex';

/** The local index: in a thread of its own when there is a file to run there. */
export function openVectorIndex(options: {
  directory: string;
  maxCachedBytes?: number;
  thread?: string;
}): VectorIndex {
  const { thread, ...index } = options;
  return thread === undefined
    ? new SqliteVectorIndex(index)
    : new ThreadedVectorIndex({ thread, index });
}

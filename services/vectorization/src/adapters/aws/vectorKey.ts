import { createHash } from 'node:crypto';
import type { SourceDocument } from '../../domain/Chunk';

/** Names the vector of a chunk, so that its document and position are enough to remove it. */
export function vectorKey(document: SourceDocument, position: number): string {
  return `${documentKeyOf(document)}-${position}`;
}

/** Names a document within its index: 32 characters. */
export function documentKeyOf({
  chunkingJobId,
  fileName,
}: SourceDocument): string {
  return createHash('sha256')
    .update(JSON.stringify([chunkingJobId, fileName]))
    .digest('base64url')
    .slice(0, 32);
}

/** `from` up to, not including, `to`. */
export function positionsFrom(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);
}

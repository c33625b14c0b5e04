import type { FoundChunk } from './Chunk';

/** Damps the first ranks; the value of the method's authors. */
const RANK_CONSTANT = 60;

/**
 * Merges rankings by reciprocal rank fusion: a chunk scores the sum of 1 / (60 + rank) over
 * the rankings that hold it. Scores of the rankings themselves need not compare.
 *
 * @see https://doi.org/10.1145/1571941.1572114
 */
export function fuseRankings(
  rankings: FoundChunk[][],
  limit: number,
): FoundChunk[] {
  const fused = new Map<string, FoundChunk>();
  for (const ranking of rankings) {
    ranking.forEach((chunk, index) => {
      const score =
        (fused.get(chunk.chunkId)?.score ?? 0) +
        1 / (RANK_CONSTANT + index + 1);
      fused.set(chunk.chunkId, { ...chunk, score });
    });
  }
  // A stable sort: of equal scores the one that the first ranking has comes first.
  return [...fused.values()].sort((a, b) => b.score - a.score).slice(0, limit);
}

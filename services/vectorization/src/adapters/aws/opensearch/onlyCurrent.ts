import type { Hit } from './chunkDocuments';
import type { ChunkPlaces } from './ChunkPlaces';

/**
 * What replaces a chunk is found after about a minute, and what it replaced is shown until
 * then.
 */
const SUCCESSION_MS = 2 * 60_000;

/** The hits that count, each chunk once, in their order. */
export async function onlyCurrent(
  places: ChunkPlaces,
  options: { indexId: string; hits: Hit[]; now: number },
): Promise<Hit[]> {
  const { indexId, hits, now } = options;
  const found = await places.find(
    indexId,
    hits.map(({ _source: { document, position } }) => ({
      ...{ document, position },
    })),
  );
  const isCurrent = (at: number) => found[at]?.id === hits[at]._id;
  const shown = new Set(hits.filter((_, at) => isCurrent(at)).map(chunkOf));
  return hits.filter((hit, at) => {
    if (isCurrent(at)) return true;
    const place = found[at];
    return (
      place?.previous === hit._id &&
      now - place.at < SUCCESSION_MS &&
      !shown.has(chunkOf(hit))
    );
  });
}

function chunkOf({ _source: { document, position } }: Hit): string {
  return `${document}-${position}`;
}

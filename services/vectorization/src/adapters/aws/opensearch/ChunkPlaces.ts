import {
  type Change,
  type DynamoTableClient,
  insist,
  type TableItem,
  type TableKey,
} from '@genai-environments/service-kit/aws';

/** Which document of OpenSearch is a chunk, by its id there. */
export type Place = {
  id: string;
  /** What it was before; found for a while still. */
  previous?: string;
  /** When it was set, milliseconds since 1970. */
  at: number;
};

/** A document of an index. */
export type PlacesOf = { indexId: string; document: string };

type Places = Record<string, Place>;

/** Positions per item: of 4 KB. */
const POSITIONS_PER_ITEM = 64;
/** Items that are changed at once. */
const ITEMS_AT_ONCE = 50;

/** Most chunks of one {@link ChunkPlaces.set}. */
export const MAX_PLACES = ITEMS_AT_ONCE;

/** Remembers which documents of OpenSearch are the chunks of an index. */
export class ChunkPlaces {
  constructor(private readonly options: { table: DynamoTableClient }) {}

  /**
   * All at once.
   *
   * @param ids - by position, at most {@link MAX_PLACES}
   * @returns ids of what is replaced
   */
  set(
    of: PlacesOf,
    ids: ReadonlyMap<number, string>,
    now: number,
  ): Promise<string[]> {
    return this.change(of, [...ids.keys()], places =>
      [...places].map(([position, place]) => {
        const id = ids.get(position);
        return id === undefined || id === place?.id
          ? place
          : { id, at: now, ...(place ? { previous: place.id } : {}) };
      }),
    );
  }

  /**
   * Forgets positions `from` up to, not including, `to`.
   *
   * @returns ids of what is forgotten, and how many chunks they were
   */
  async cut(
    of: PlacesOf,
    { from, to }: { from: number; to: number },
  ): Promise<{ ids: string[]; count: number }> {
    const ids: string[] = [];
    let count = 0;
    const step = POSITIONS_PER_ITEM * ITEMS_AT_ONCE;
    for (let start = from; start < to; start += step) {
      const end = Math.min(to, start + step);
      const positions = Array.from(
        { length: end - start },
        (_, at) => start + at,
      );
      let cut = 0;
      const gone = await this.change(of, positions, places => {
        cut = 0;
        return [...places].map(([position, place]) => {
          const stays = position < start || position >= end;
          if (!stays && place) cut += 1;
          return stays ? place : undefined;
        });
      });
      ids.push(...gone);
      count += cut;
    }
    return { ids, count };
  }

  /** In the order of what is asked for. */
  async find(
    indexId: string,
    chunks: Array<{ document: string; position: number }>,
  ): Promise<Array<Place | undefined>> {
    const keys = new Map<string, TableKey>();
    const keyed = chunks.map(({ document, position }) => {
      const key = placesKey({ indexId, document }, itemOf(position));
      const id = `${key.pk}/${key.sk}`;
      keys.set(id, key);
      return { id, position };
    });
    const items = await this.options.table.getMany([...keys.values()]);
    const byId = new Map([...keys.keys()].map((id, at) => [id, items[at]]));
    return keyed.map(({ id, position }) => byId.get(id)?.places[position]);
  }

  async count(of: PlacesOf): Promise<number> {
    let count = 0;
    const { pk } = placesKey(of, 0);
    for await (const { places } of this.options.table.query({ pk })) {
      count += Object.keys(places).length;
    }
    return count;
  }

  /** @returns ids that are in no place any more */
  private change(
    of: PlacesOf,
    positions: number[],
    revise: (
      places: Map<number, Place | undefined>,
    ) => Array<Place | undefined>,
  ): Promise<string[]> {
    const { table } = this.options;
    const numbers = [...new Set(positions.map(itemOf))];
    const keys = numbers.map(no => placesKey(of, no));
    return insist({
      attempt: async () => {
        const items = await table.getMany(keys);
        const gone: string[] = [];
        const changes = items.flatMap((item, at) => {
          const before = toMap(item, numbers[at], positions);
          const after = revise(before);
          const places: Places = {};
          [...before].forEach(([position, place], index) => {
            const next = after[index];
            if (next) places[position] = next;
            if (place && place !== next) gone.push(...idsOf(place));
          });
          return toChange(keys[at], item, places);
        });
        if (changes.length === 0) return gone;
        return (await table.transact(changes)) ? undefined : gone;
      },
    });
  }
}

/** Refused when another one changed the item since it was read. */
function toChange(
  key: TableKey,
  item: TableItem | undefined,
  places: Places,
): Change[] {
  const isEmpty = Object.keys(places).length === 0;
  if (!item && isEmpty) return [];
  const revision = (item?.revision ?? 0) as number;
  const when = item ? 'revision = :revision' : 'attribute_not_exists(pk)';
  const values = item ? { ':revision': revision } : undefined;
  return isEmpty
    ? [{ key, delete: true, when, values }]
    : [{ put: { ...key, places, revision: revision + 1 }, when, values }];
}

/** The places of an item, and those of the positions in it that have none. */
function toMap(
  item: TableItem | undefined,
  no: number,
  positions: number[],
): Map<number, Place | undefined> {
  const map = new Map<number, Place | undefined>();
  for (const position of positions) {
    if (itemOf(position) === no) map.set(position, undefined);
  }
  for (const [position, place] of Object.entries(
    (item?.places ?? {}) as Places,
  )) {
    map.set(Number(position), place);
  }
  return map;
}

function idsOf({ id, previous }: Place): string[] {
  return previous === undefined ? [id] : [id, previous];
}

function itemOf(position: number): number {
  return Math.floor(position / POSITIONS_PER_ITEM);
}

function placesKey({ indexId, document }: PlacesOf, no: number): TableKey {
  return {
    pk: `vectors#chunks#${indexId}#${document}`,
    sk: String(no).padStart(6, '0'),
  };
}

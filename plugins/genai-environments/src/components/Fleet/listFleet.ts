import type {
  Environment,
  Phase,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { GenaiEnvironmentsApi } from '../../api';

/** Largest page the API gives. */
export const MAX_PAGE_SIZE = 200;

export type FleetQuery = {
  /** Absent: everybody's. The API takes one owner at a time, so several are several lists. */
  owners?: string[];
  phase?: Phase;
};

export type FleetPage = {
  items: Environment[];
  /** Where each list goes on; empty when nothing is left. */
  cursors: Array<{ owner?: string; cursor: string }>;
};

/** First page of a query, or the page behind `cursors`. Ordered by name. */
export async function listFleet(options: {
  api: GenaiEnvironmentsApi;
  query: FleetQuery;
  limit: number;
  cursors?: FleetPage['cursors'];
}): Promise<FleetPage> {
  const { api, query, limit } = options;
  const starts: Array<{ owner?: string; cursor?: string }> = options.cursors ??
    query.owners?.map(owner => ({ owner })) ?? [{}];

  const pages = await Promise.all(
    starts.map(async ({ owner, cursor }) => {
      const { items, nextCursor } = await api.listEnvironments({
        owner,
        cursor,
        limit,
        phase: query.phase,
      });
      return { owner, items, nextCursor };
    }),
  );
  return {
    items: byName(pages.flatMap(page => page.items)),
    cursors: pages.flatMap(({ owner, nextCursor }) =>
      nextCursor ? [{ owner, cursor: nextCursor }] : [],
    ),
  };
}

/** Joins lists without doubles; later ones win. */
export function mergeFleet(...lists: Environment[][]): Environment[] {
  const byUid = new Map<string, Environment>();
  for (const environment of lists.flat())
    byUid.set(environment.uid, environment);
  return byName([...byUid.values()]);
}

function byName(items: Environment[]): Environment[] {
  return [...items].sort((a, b) => (a.name < b.name ? -1 : 1));
}

import { useApi, useApiHolder } from '@backstage/core-plugin-api';
import { signalApiRef } from '@backstage/plugin-signals-react';
import {
  Environment,
  GENAI_ENVIRONMENTS_SIGNAL_CHANNEL,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { useCallback, useEffect, useRef, useState } from 'react';
import { genaiEnvironmentsApiRef } from '../../api';
import {
  FleetPage,
  FleetQuery,
  listFleet,
  MAX_PAGE_SIZE,
  mergeFleet,
} from './listFleet';

const FIRST_PAGE_SIZE = 50;
/** Changes that arrive together cause one refresh. */
const SIGNAL_QUIET_MS = 500;
const REFRESH_MS = 10_000;
/** Signals are hints that may be lost; this is the net below them. */
const REFRESH_WITH_SIGNALS_MS = 60_000;

type FleetState = {
  items?: Environment[];
  cursors: FleetPage['cursors'];
  error?: Error;
  loadingMore: boolean;
};

const EMPTY: FleetState = { cursors: [], loadingMore: false };

/** Environments that match a query, page by page, kept fresh while the page is looked at. */
export function useFleet(query: FleetQuery | undefined) {
  const api = useApi(genaiEnvironmentsApiRef);
  const [state, setState] = useState<FleetState>(EMPTY);
  const key = JSON.stringify(query);
  // Answers to an earlier query must not show up under a later one.
  const current = useRef<{ key?: string; state: FleetState }>({ state });
  current.current = { key, state };

  const update = useCallback((forKey: string, changes: Partial<FleetState>) => {
    if (current.current.key === forKey)
      setState(previous => ({ ...previous, ...changes }));
  }, []);

  const load = useCallback(async () => {
    if (!key) return;
    setState(EMPTY);
    try {
      const options = { api, query: JSON.parse(key), limit: FIRST_PAGE_SIZE };
      update(key, await listFleet(options));
    } catch (error) {
      update(key, { error: error as Error });
    }
  }, [api, key, update]);

  const loadMore = useCallback(async () => {
    const { items = [], cursors } = current.current.state;
    if (!key || cursors.length === 0) return;
    update(key, { loadingMore: true });
    try {
      const page = await listFleet({
        api,
        query: JSON.parse(key),
        limit: MAX_PAGE_SIZE,
        cursors,
      });
      update(key, {
        items: mergeFleet(items, page.items),
        cursors: page.cursors,
        error: undefined,
      });
    } catch (error) {
      update(key, { error: error as Error });
    }
    update(key, { loadingMore: false });
  }, [api, key, update]);

  const refresh = useCallback(async () => {
    const { items, loadingMore } = current.current.state;
    if (!key || !items || loadingMore) return;
    try {
      const limit = Math.min(
        MAX_PAGE_SIZE,
        Math.max(FIRST_PAGE_SIZE, items.length),
      );
      const fresh = await listFleet({ api, query: JSON.parse(key), limit });
      if (current.current.state.items !== items) return;
      update(key, {
        ...keepRest(items, fresh, current.current.state),
        error: undefined,
      });
    } catch {
      // What is shown stays; the next refresh may succeed.
    }
  }, [api, key, update]);

  useEffect(() => {
    load();
  }, [load]);
  useRefresh(refresh);

  return { ...state, retry: load, loadMore };
}

/** Fresh rows, and behind them the rows that only *Load more* had reached. */
function keepRest(
  items: Environment[],
  fresh: FleetPage,
  { cursors }: FleetState,
): Pick<FleetState, 'items' | 'cursors'> {
  const isComplete = fresh.cursors.length === 0;
  if (isComplete || items.length <= fresh.items.length) return fresh;
  const lastName = fresh.items.at(-1)?.name ?? '';
  const rest = items.filter(item => item.name > lastName);
  return { items: mergeFleet(rest, fresh.items), cursors };
}

/** Calls `refresh` on signals, or gently by the clock, and only while the page is visible. */
function useRefresh(refresh: () => Promise<void>) {
  const signals = useApiHolder().get(signalApiRef);
  useEffect(() => {
    let quiet: ReturnType<typeof setTimeout> | undefined;
    const refreshIfVisible = () => {
      if (document.visibilityState === 'visible') refresh();
    };
    const subscription = signals?.subscribe(
      GENAI_ENVIRONMENTS_SIGNAL_CHANNEL,
      () => {
        if (quiet) return;
        quiet = setTimeout(() => {
          quiet = undefined;
          refreshIfVisible();
        }, SIGNAL_QUIET_MS);
      },
    );
    const timer = setInterval(
      refreshIfVisible,
      signals ? REFRESH_WITH_SIGNALS_MS : REFRESH_MS,
    );
    document.addEventListener('visibilitychange', refreshIfVisible);
    return () => {
      subscription?.unsubscribe();
      clearTimeout(quiet);
      clearInterval(timer);
      document.removeEventListener('visibilitychange', refreshIfVisible);
    };
  }, [signals, refresh]);
}

import { useEffect, useState } from 'react';
import { identityApiRef, useApi } from '@backstage/core-plugin-api';
import { useSignal } from '@backstage/plugin-signals-react';
import { genaiEnvironmentsApiRef } from '@genai-environments/backstage-plugin-genai-environments';
import {
  Environment,
  GENAI_ENVIRONMENTS_SIGNAL_CHANNEL,
  isTransitional,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';

/** Signals may get lost: how long a change may take to be seen without one. */
const REFRESH_MS = 15_000;
const REFRESH_IN_TRANSITION_MS = 3_000;

/** Environments owned by the signed-in user and their groups, newest first. */
export function useYourEnvironments() {
  const api = useApi(genaiEnvironmentsApiRef);
  const identityApi = useApi(identityApiRef);

  // Kept apart from the last attempt: a failing refresh does not take the list away.
  const [environments, setEnvironments] = useState<Environment[]>();

  const { error, loading, retry } = useAsyncRetry(async () => {
    const { ownershipEntityRefs } = await identityApi.getBackstageIdentity();
    const pages = await Promise.all(
      ownershipEntityRefs.map(owner =>
        api.listEnvironments({ owner, limit: 200 }),
      ),
    );
    setEnvironments(
      pages
        .flatMap(page => page.items)
        .sort((a, b) => b.createdAt.localeCompare(a.createdAt)),
    );
  }, [api, identityApi]);

  const { lastSignal } = useSignal(GENAI_ENVIRONMENTS_SIGNAL_CHANNEL);
  useEffect(() => {
    if (lastSignal) retry();
    // A signal is the only reason to read again here.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [lastSignal]);

  useEffect(() => {
    const timer = window.setTimeout(retry, refreshDelay(environments));
    return () => window.clearTimeout(timer);
  }, [environments, error, retry]);

  return { environments, error, loading: loading && !environments };
}

function refreshDelay(environments: Environment[] | undefined): number {
  return environments?.some(e => isTransitional(e.status.phase))
    ? REFRESH_IN_TRANSITION_MS
    : REFRESH_MS;
}

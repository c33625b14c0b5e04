import { useApi } from '@backstage/core-plugin-api';
import type { Application } from '@genai-environments/backstage-plugin-genai-environments-common';
import { useCallback, useEffect, useRef, useState } from 'react';
import { genaiEnvironmentsApiRef } from '../../api';

/** Reads again this often while a change is on its way to the environment … */
const SETTLE_INTERVAL_MS = 1500;
/** … and not more often than this per change. */
const SETTLE_READS = 40;

/**
 * The applications of an environment, without secrets. Read again when `revision`
 * changes, and for a while after a change until the environment honours it.
 */
export function useApplications(name: string, revision: unknown) {
  const api = useApi(genaiEnvironmentsApiRef);
  const [applications, setApplications] = useState<Application[]>();
  const [error, setError] = useState<Error>();
  const readsLeft = useRef(SETTLE_READS);
  const latestRead = useRef(0);

  const read = useCallback(async () => {
    latestRead.current += 1;
    const thisRead = latestRead.current;
    try {
      const { items } = await api.listApplications(name);
      if (thisRead !== latestRead.current) return;
      setApplications(items);
      setError(undefined);
    } catch (failure) {
      if (thisRead === latestRead.current) setError(failure as Error);
    }
  }, [api, name]);

  const reload = useCallback(() => {
    readsLeft.current = SETTLE_READS;
    return read();
  }, [read]);

  useEffect(() => {
    reload();
  }, [reload, revision]);

  useEffect(() => {
    if (!applications || applications.every(isSettled)) return undefined;
    if (readsLeft.current <= 0) return undefined;
    const timer = setTimeout(() => {
      readsLeft.current -= 1;
      read();
    }, SETTLE_INTERVAL_MS);
    return () => clearTimeout(timer);
  }, [applications, read]);

  return { applications, error, reload };
}

function isSettled(application: Application): boolean {
  return application.observed && application.secretState !== 'pending';
}

import { useApi } from '@backstage/core-plugin-api';
import type { LogRequest } from '@genai-environments/backstage-plugin-genai-environments-common';
import {
  useCallback,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import { genaiEnvironmentsApiRef } from '../api';
import { backoffMs } from '../environment/backoff';
import { isFinal } from '../environment/errors';
import { LogReader } from './LogReader';

/** How often new lines are asked for. */
export const FOLLOW_INTERVAL_MS = 3000;

/**
 * The newest lines of an environment, and with `follow` those that come, for as long as
 * the browser's tab is looked at. A service's lines start from its newest ones.
 */
export function useLogs(options: {
  name: string;
  service: LogRequest['service'];
  follow: boolean;
}) {
  const { name, service, follow } = options;
  const api = useApi(genaiEnvironmentsApiRef);
  const reader = useMemo(
    () => new LogReader({ api, name, service }),
    [api, name, service],
  );
  const snapshot = useSyncExternalStore(reader.subscribe, reader.getSnapshot);

  useEffect(() => {
    reader.read();
  }, [reader]);

  // Following gives up where asking again cannot help: whoever retries starts it again.
  const [attempt, setAttempt] = useState(0);
  useEffect(
    () => (follow ? followLogs(reader) : undefined),
    [reader, follow, attempt],
  );
  const retry = useCallback(() => {
    setAttempt(count => count + 1);
    reader.read();
  }, [reader]);
  return { ...snapshot, read: reader.read, retry };
}

/** Reads again and again, slower while that fails, until the returned function is called. */
function followLogs(reader: LogReader): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  let failures = 0;

  const poll = async () => {
    clearTimeout(timer);
    if (document.visibilityState !== 'visible') return;
    await reader.read();
    if (stopped) return;
    const { error } = reader.getSnapshot();
    if (isFinal(error)) return;
    failures = error ? failures + 1 : 0;
    clearTimeout(timer);
    timer = setTimeout(
      poll,
      Math.max(FOLLOW_INTERVAL_MS, error ? backoffMs(failures) : 0),
    );
  };
  document.addEventListener('visibilitychange', poll);
  poll();
  return () => {
    stopped = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', poll);
  };
}

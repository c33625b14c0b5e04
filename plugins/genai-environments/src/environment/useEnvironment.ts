import { useApi, useApiHolder } from '@backstage/core-plugin-api';
import { signalApiRef } from '@backstage/plugin-signals-react';
import {
  EnvironmentChange,
  GENAI_ENVIRONMENTS_SIGNAL_CHANNEL,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { useEffect, useSyncExternalStore } from 'react';
import { genaiEnvironmentsApiRef } from '../api';
import {
  EnvironmentSnapshot,
  EnvironmentStore,
  getEnvironmentStore,
} from './EnvironmentStore';

/**
 * State and events of an environment, live while the component is mounted. All
 * components that ask for the same name share one event stream.
 */
export function useEnvironment(
  name: string,
): EnvironmentSnapshot & Pick<EnvironmentStore, 'refresh' | 'retry'> {
  const store = useEnvironmentStore(name);
  const snapshot = useSyncExternalStore(store.subscribe, store.getSnapshot);

  // A signal may tell of changes that write no event, such as the health of a service.
  const signals = useApiHolder().get(signalApiRef);
  useEffect(() => {
    const subscription = signals?.subscribe<EnvironmentChange>(
      GENAI_ENVIRONMENTS_SIGNAL_CHANNEL,
      change => {
        if (change.name === name) store.refresh();
      },
    );
    return () => subscription?.unsubscribe();
  }, [signals, store, name]);

  return { ...snapshot, refresh: store.refresh, retry: store.retry };
}

/** The shared store of an environment, without following it. */
export function useEnvironmentStore(name: string): EnvironmentStore {
  return getEnvironmentStore(useApi(genaiEnvironmentsApiRef), name);
}

import { identityApiRef, useApi } from '@backstage/core-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  genaiFleetReadPermission,
  Phase,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { useMemo, useState } from 'react';
import useAsync from 'react-use/esm/useAsync';
import type { FleetQuery } from './listFleet';

/** Whose environments are shown. */
export type FleetScope = 'mine' | 'all';

/** State of the filter bar; `query` is absent until it is known who is signed in. */
export function useFleetFilters() {
  const identityApi = useApi(identityApiRef);
  const { value: mine } = useAsync(async () => {
    const identity = await identityApi.getBackstageIdentity();
    return [
      ...new Set([identity.userEntityRef, ...identity.ownershipEntityRefs]),
    ].filter(ref => /^(group|user):/.test(ref));
  }, [identityApi]);
  const fleet = usePermission({ permission: genaiFleetReadPermission });

  const [chosenScope, setScope] = useState<FleetScope>();
  const [owner, setOwner] = useState('');
  const [phase, setPhase] = useState<Phase | ''>('');
  const [text, setText] = useState('');

  // Whoever looks after the fleet wants to see it; everybody else their own first.
  const scope = chosenScope ?? (fleet.allowed ? 'all' : 'mine');
  const isReady = mine !== undefined && !fleet.loading;
  const query = useMemo<FleetQuery | undefined>(() => {
    if (!isReady) return undefined;
    const scopeOwners = scope === 'mine' ? mine : undefined;
    return {
      owners: owner ? [owner] : scopeOwners,
      phase: phase || undefined,
    };
  }, [isReady, mine, scope, owner, phase]);

  const clear = () => {
    setOwner('');
    setPhase('');
    setText('');
  };
  return {
    query,
    scope,
    setScope: (next: FleetScope) => {
      setScope(next);
      setOwner('');
    },
    owner,
    setOwner,
    phase,
    setPhase,
    text,
    setText,
    clear,
    isFiltered: Boolean(owner || phase || text),
  };
}

export type FleetFilters = ReturnType<typeof useFleetFilters>;

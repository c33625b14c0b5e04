import { alertApiRef, useApi, useRouteRef } from '@backstage/core-plugin-api';
import { useEffect } from 'react';
import { useNavigate } from 'react-router-dom';
import {
  useEnvironment,
  useEnvironmentStore,
} from '../../environment/useEnvironment';
import { rootRouteRef } from '../../routes';

/**
 * Takes whoever tore an environment down to the fleet page once it is gone: the entity
 * page under their feet is about to vanish. Others keep the page and read what happened.
 */
export function useLeaveWhenDeleted(name: string): void {
  const { status, tornDownHere } = useEnvironment(name);
  const store = useEnvironmentStore(name);
  const fleetPath = useRouteRef(rootRouteRef)();
  const navigate = useNavigate();
  const alertApi = useApi(alertApiRef);

  const leave = status === 'deleted' && tornDownHere;
  useEffect(() => {
    if (!leave || !store.takeTearDown()) return;
    alertApi.post({
      message: `${name} was torn down. Nothing of it is left.`,
      severity: 'success',
      display: 'transient',
    });
    navigate(fleetPath);
  }, [leave, store, name, fleetPath, navigate, alertApi]);
}

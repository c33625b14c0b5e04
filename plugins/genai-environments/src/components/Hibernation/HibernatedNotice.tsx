import { useApi } from '@backstage/core-plugin-api';
import type { Environment } from '@genai-environments/backstage-plugin-genai-environments-common';
import Button from '@material-ui/core/Button';
import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import { useState } from 'react';
import { genaiEnvironmentsApiRef } from '../../api';
import { errorMessage } from '../../environment/errors';
import { useEnvironmentStore } from '../../environment/useEnvironment';
import { useCanHibernate } from './useCanHibernate';

/** That an environment sleeps, and how it is woken. Nothing in other phases. */
export function HibernatedNotice(props: { environment: Environment }) {
  if (props.environment.status.phase !== 'Hibernated') return null;
  return <Sleeping environment={props.environment} />;
}

function Sleeping({ environment }: { environment: Environment }) {
  const { name } = environment;
  const canWake = useCanHibernate(environment);
  const api = useApi(genaiEnvironmentsApiRef);
  const store = useEnvironmentStore(name);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  const wake = async () => {
    setBusy(true);
    setError(undefined);
    try {
      store.accept(await api.wakeEnvironment(name));
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  };
  return (
    <>
      <Alert
        severity="info"
        action={
          canWake && (
            <Button color="inherit" size="small" disabled={busy} onClick={wake}>
              Wake
            </Button>
          )
        }
      >
        <AlertTitle>The environment is hibernated</AlertTitle>
        Nothing runs, and calls are refused. Its data, its address and the
        secrets of its applications are kept.
        {!canWake && ' Its owners can wake it.'}
      </Alert>
      {error !== undefined && (
        <Alert severity="error">{errorMessage(error)}</Alert>
      )}
    </>
  );
}

import { useApi } from '@backstage/core-plugin-api';
import type { Environment } from '@genai-environments/backstage-plugin-genai-environments-common';
import Button from '@material-ui/core/Button';
import DialogContentText from '@material-ui/core/DialogContentText';
import { useState } from 'react';
import { genaiEnvironmentsApiRef } from '../../api';
import { useEnvironmentStore } from '../../environment/useEnvironment';
import { ConfirmDialog } from '../common/ConfirmDialog';
import { useCanHibernate } from './useCanHibernate';

/** Puts an environment to sleep that is ready, after asking. Nothing where that cannot be. */
export function HibernateButton({ environment }: { environment: Environment }) {
  const { name, status } = environment;
  const api = useApi(genaiEnvironmentsApiRef);
  const store = useEnvironmentStore(name);
  const offered = useCanHibernate(environment);
  const [open, setOpen] = useState(false);
  if (status.phase !== 'Ready' || !offered) return null;
  return (
    <div>
      <Button size="small" variant="outlined" onClick={() => setOpen(true)}>
        Hibernate
      </Button>
      {open && (
        <ConfirmDialog
          id="genai-hibernate"
          title={`Hibernate ${name}`}
          confirmLabel="Hibernate"
          onClose={() => setOpen(false)}
          onConfirm={async () => {
            store.accept(await api.hibernateEnvironment(name));
          }}
        >
          <DialogContentText color="textPrimary">
            Services and the app stop, which ends almost all of the cost, and
            calls are refused until somebody wakes the environment; that takes
            minutes. Its data, its address and the secrets of its applications
            are kept. It still ends when its lifetime does.
          </DialogContentText>
        </ConfirmDialog>
      )}
    </div>
  );
}

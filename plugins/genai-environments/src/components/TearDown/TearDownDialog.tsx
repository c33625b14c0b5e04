import { useApi } from '@backstage/core-plugin-api';
import DialogContentText from '@material-ui/core/DialogContentText';
import TextField from '@material-ui/core/TextField';
import Alert from '@material-ui/lab/Alert';
import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'react-router-dom';
import { genaiEnvironmentsApiRef } from '../../api';
import {
  useEnvironment,
  useEnvironmentStore,
} from '../../environment/useEnvironment';
import { ConfirmDialog } from '../common/ConfirmDialog';
import { focusOnMount } from '../common/focusOnMount';
import { TearDownLosses } from './TearDownLosses';

/**
 * Asks for the environment's name before it is torn down, and names what will be lost.
 * Closes as soon as the teardown is accepted; the entity page shows how it goes on.
 */
export function TearDownDialog(props: { name: string; onClose: () => void }) {
  const { name, onClose } = props;
  const api = useApi(genaiEnvironmentsApiRef);
  const store = useEnvironmentStore(name);
  const { environment } = useEnvironment(name);
  const [typed, setTyped] = useState('');
  useCloseOnNavigation(onClose);

  const underWay = environment?.deletionRequestedAt !== undefined;
  return (
    <ConfirmDialog
      id="genai-tear-down"
      title={`Tear down ${name}`}
      confirmLabel="Tear down"
      disabled={typed.trim() !== name || underWay}
      onClose={onClose}
      onConfirm={async () => {
        store.acceptTearDown(await api.deleteEnvironment(name));
      }}
    >
      {underWay && (
        <Alert severity="info">
          It is being torn down already; the entity page shows how far it is.
        </Alert>
      )}
      <DialogContentText color="textPrimary">
        This cannot be undone. What will be lost:
      </DialogContentText>
      <TearDownLosses name={name} environment={environment} />
      <TextField
        inputRef={focusOnMount}
        fullWidth
        margin="normal"
        variant="outlined"
        id="genai-tear-down-name"
        label={`Type ${name} to confirm`}
        value={typed}
        disabled={underWay}
        inputProps={{ autoComplete: 'off', spellCheck: false }}
        InputLabelProps={{ shrink: true }}
        onChange={event => setTyped(event.target.value)}
      />
    </ConfirmDialog>
  );
}

/** A dialog at the root of the app outlives the page it belongs to. */
function useCloseOnNavigation(onClose: () => void) {
  const { pathname } = useLocation();
  const initialPathname = useRef(pathname);
  useEffect(() => {
    if (pathname !== initialPathname.current) onClose();
  }, [pathname, onClose]);
}

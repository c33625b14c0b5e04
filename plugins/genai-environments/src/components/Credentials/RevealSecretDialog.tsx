import { useApi } from '@backstage/core-plugin-api';
import type { Application } from '@genai-environments/backstage-plugin-genai-environments-common';
import Button from '@material-ui/core/Button';
import CircularProgress from '@material-ui/core/CircularProgress';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogContentText from '@material-ui/core/DialogContentText';
import DialogTitle from '@material-ui/core/DialogTitle';
import Alert from '@material-ui/lab/Alert';
import { useEffect, useState } from 'react';
import { genaiEnvironmentsApiRef } from '../../api';
import { errorMessage, isConflict } from '../../environment/errors';
import { focusOnMount } from '../common/focusOnMount';
import { SecretField } from './SecretField';

/**
 * Shows a secret once. It is asked for by a click, never on mount, lives in this
 * component's state only, and is forgotten when the dialog closes.
 */
export function RevealSecretDialog(props: {
  environmentName: string;
  application: Application;
  onClose: () => void;
  onChange: () => Promise<void>;
  onRotate: () => void;
}) {
  const { environmentName, application, onClose, onChange, onRotate } = props;
  const api = useApi(genaiEnvironmentsApiRef);
  const [secret, setSecret] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  useEffect(() => () => setSecret(undefined), []);

  const reveal = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const answer = await api.revealSecret(environmentName, application.id);
      setSecret(answer.clientSecret);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
    onChange();
  };
  const close = () => {
    setSecret(undefined);
    onClose();
  };

  return (
    <Dialog
      open
      fullWidth
      maxWidth="sm"
      aria-labelledby="genai-reveal-title"
      aria-describedby="genai-reveal-content"
      onClose={() => {
        // A stray click or key must not throw away what is shown only once.
        if (!busy && secret === undefined) close();
      }}
    >
      <DialogTitle id="genai-reveal-title">
        Secret of {application.name}
      </DialogTitle>
      <DialogContent id="genai-reveal-content">
        {secret === undefined ? (
          <DialogContentText>
            The secret is shown once. Have a place ready where it will be kept,
            such as your secret store: to see one again it has to be rotated.
            The reveal is recorded with your name.
          </DialogContentText>
        ) : (
          <>
            <DialogContentText>
              Copy it now: after this dialog is closed nobody can see it again.
            </DialogContentText>
            <SecretField secret={secret} applicationName={application.name} />
          </>
        )}
        {error !== undefined && (
          <Alert
            severity="error"
            action={
              isConflict(error) && (
                <Button color="inherit" size="small" onClick={onRotate}>
                  Rotate
                </Button>
              )
            }
          >
            {errorMessage(error)}
          </Alert>
        )}
      </DialogContent>
      <DialogActions>
        {secret === undefined ? (
          <>
            <Button onClick={close} disabled={busy}>
              Cancel
            </Button>
            <Button
              ref={focusOnMount}
              focusRipple={false}
              color="primary"
              variant="contained"
              onClick={reveal}
              disabled={busy || isConflict(error)}
              startIcon={busy && <CircularProgress size={16} aria-hidden />}
            >
              Reveal secret
            </Button>
          </>
        ) : (
          <Button color="primary" variant="contained" onClick={close}>
            I have stored it
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}

import Button from '@material-ui/core/Button';
import CircularProgress from '@material-ui/core/CircularProgress';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogTitle from '@material-ui/core/DialogTitle';
import { makeStyles } from '@material-ui/core/styles';
import Alert from '@material-ui/lab/Alert';
import { FormEvent, ReactNode, useState } from 'react';
import { errorMessage } from '../../environment/errors';
import { useFocusReturn } from './useFocusReturn';

const useStyles = makeStyles(
  // What is long scrolls between title and buttons, which stay.
  { form: { display: 'flex', flexDirection: 'column', minHeight: 0 } },
  { name: 'GenaiEnvironmentConfirmDialog' },
);

/**
 * A dialog whose answer does something: stays open with the error inline when that
 * fails, closes when it worked. Enter in a field of it submits.
 */
export function ConfirmDialog(props: {
  id: string;
  title: string;
  confirmLabel: string;
  children: ReactNode;
  disabled?: boolean;
  onConfirm: () => Promise<void>;
  onClose: () => void;
}) {
  const { id, title, confirmLabel, children, disabled, onConfirm, onClose } =
    props;
  const classes = useStyles();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  useFocusReturn();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    // Events of a portal bubble through React parents: a form around must not submit.
    event.stopPropagation();
    if (busy || disabled) return;
    setBusy(true);
    setError(undefined);
    try {
      await onConfirm();
    } catch (failure) {
      setError(failure);
      setBusy(false);
      return;
    }
    onClose();
  };

  return (
    <Dialog
      open
      fullWidth
      maxWidth="sm"
      onClose={busy ? undefined : onClose}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-content`}
    >
      <form className={classes.form} onSubmit={submit} noValidate>
        <DialogTitle id={`${id}-title`}>{title}</DialogTitle>
        <DialogContent id={`${id}-content`}>
          {children}
          {error !== undefined && (
            <Alert severity="error">{errorMessage(error)}</Alert>
          )}
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose} disabled={busy}>
            Cancel
          </Button>
          <Button
            type="submit"
            color="primary"
            variant="contained"
            disabled={busy || disabled}
            startIcon={busy && <CircularProgress size={16} aria-hidden />}
          >
            {confirmLabel}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

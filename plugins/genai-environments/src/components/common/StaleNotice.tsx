import Alert from '@material-ui/lab/Alert';

/** Shown while the backend cannot be reached. */
export function StaleNotice() {
  return (
    <Alert severity="info">
      The connection was lost. This may be out of date; it updates by itself as
      soon as the backend answers again.
    </Alert>
  );
}

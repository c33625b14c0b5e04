import { useEffect } from 'react';
import { configApiRef, useApi } from '@backstage/core-plugin-api';
import Box from '@material-ui/core/Box';
import Button from '@material-ui/core/Button';
import LinearProgress from '@material-ui/core/LinearProgress';
import Typography from '@material-ui/core/Typography';
import type { DemoUser } from './demoUsers';
import { SignInLayout } from './SignInLayout';

/** Tries before one is told that this is more than a backend that still starts. */
const PATIENT_ATTEMPTS = 30;
const RETRY_AFTER_MS = 1000;

/**
 * Shown while one cannot be signed in. After `npm start` the browser is there before
 * the backend listens and before the catalog knows the users, so it keeps trying.
 */
export const SignInProblem = (props: {
  error?: Error;
  user: DemoUser;
  attempt: number;
  onRetry: () => void;
  onChooseAgain: () => void;
}) => {
  const { error, user, attempt, onRetry, onChooseAgain } = props;
  const backendUrl = useApi(configApiRef).getString('backend.baseUrl');
  const mayPass = isTemporary(error);

  useEffect(() => {
    if (!mayPass) return undefined;
    const timer = window.setTimeout(onRetry, RETRY_AFTER_MS);
    return () => window.clearTimeout(timer);
    // A new attempt remounts this component.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  const starting = mayPass && attempt <= PATIENT_ATTEMPTS;
  return (
    <SignInLayout>
      <Typography variant="h1" style={{ fontSize: 34 }} gutterBottom>
        {starting ? 'The portal is starting' : 'You could not be signed in'}
      </Typography>
      <div role={starting ? 'status' : 'alert'}>
        <Typography>
          {starting
            ? `You will be signed in as ${user.title} as soon as the backend at ${backendUrl} is ready.`
            : `${explain(error, backendUrl)}${
                mayPass ? ' It is tried again every second.' : ''
              }`}
        </Typography>
      </div>
      {starting && (
        <Box mt={3}>
          <LinearProgress aria-label="Starting" />
        </Box>
      )}
      <Box mt={3}>
        {!mayPass && (
          <Button color="primary" variant="contained" onClick={onRetry}>
            Try again
          </Button>
        )}
        <Button onClick={onChooseAgain}>Choose somebody else</Button>
      </Box>
    </SignInLayout>
  );
};

/** No answer, a backend that starts (503), or a catalog without the user so far (404). */
function isTemporary(error?: Error): boolean {
  if (!isRefusal(error)) return true;
  return error.statusCode === 404 || error.statusCode >= 502;
}

function explain(error: Error | undefined, backendUrl: string): string {
  return isRefusal(error)
    ? `The portal's backend refused: ${error.body.error.message}.`
    : `The portal's backend at ${backendUrl} does not answer. Look at the terminal in which you started the portal.`;
}

/** `ResponseError` of `@backstage/errors`. */
type Refusal = Error & {
  statusCode: number;
  body: { error: { message: string } };
};

function isRefusal(error?: Error): error is Refusal {
  return error?.name === 'ResponseError';
}

import type { Environment } from '@genai-environments/backstage-plugin-genai-environments-common';
import Typography from '@material-ui/core/Typography';
import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';

/** Why an environment is not as it should be, and what to do: for the phases that stop. */
export function PhaseNotice(props: { environment: Environment }) {
  const { phase, conditions } = props.environment.status;
  if (phase !== 'Degraded' && phase !== 'Failed') return null;

  const causes = conditions.filter(condition => condition.status !== 'True');
  return (
    <Alert severity={phase === 'Failed' ? 'error' : 'warning'}>
      <AlertTitle>
        {phase === 'Failed'
          ? 'The environment failed'
          : 'The environment does not work as it should'}
      </AlertTitle>
      {causes.length === 0 && 'The cause is not known yet.'}
      {causes.map(cause => (
        <div key={cause.type}>
          <Typography variant="body2">{cause.message}</Typography>
          {cause.nextAction && (
            <Typography variant="body2">
              <strong>What to do: </strong>
              {cause.nextAction}
            </Typography>
          )}
        </div>
      ))}
    </Alert>
  );
}

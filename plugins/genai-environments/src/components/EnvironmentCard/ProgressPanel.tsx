import type {
  Environment,
  EnvironmentEvent,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { isTransitional } from '@genai-environments/backstage-plugin-genai-environments-common';
import Box from '@material-ui/core/Box';
import LinearProgress from '@material-ui/core/LinearProgress';
import Typography from '@material-ui/core/Typography';

/** How far a create, update or teardown is, with the latest event. */
export function ProgressPanel(props: {
  environment: Environment;
  events: EnvironmentEvent[];
}) {
  const { phase, progress } = props.environment.status;
  if (!isTransitional(phase)) return null;

  const latest = props.events.at(-1);
  const percent = progress
    ? Math.round((100 * progress.completedSteps) / progress.totalSteps)
    : undefined;
  return (
    <div>
      <LinearProgress
        aria-label={`${phase} progress`}
        variant={percent === undefined ? 'indeterminate' : 'determinate'}
        value={percent}
      />
      <Box mt={1} aria-live="polite">
        {progress && (
          <Typography variant="body2">{stepText(progress)}</Typography>
        )}
        {latest && (
          <Typography variant="body2" color="textSecondary">
            {latest.message}
          </Typography>
        )}
      </Box>
    </div>
  );
}

function stepText(
  progress: NonNullable<Environment['status']['progress']>,
): string {
  const { completedSteps, totalSteps, currentStep } = progress;
  const step = Math.min(completedSteps + 1, totalSteps);
  return `Step ${step} of ${totalSteps}: ${currentStep}`;
}

import type { Phase } from '@genai-environments/backstage-plugin-genai-environments-common';
import { isTransitional } from '@genai-environments/backstage-plugin-genai-environments-common';
import Chip from '@material-ui/core/Chip';
import CircularProgress from '@material-ui/core/CircularProgress';
import { makeStyles, Theme } from '@material-ui/core/styles';

/** Colours of Backstage's theme for status dots. */
function phaseColor(phase: Phase, theme: Theme): string {
  const { status } = theme.palette as Theme['palette'] & {
    status?: Record<string, string>;
  };
  if (phase === 'Ready') return status?.ok ?? theme.palette.success.main;
  if (phase === 'Failed') return status?.error ?? theme.palette.error.main;
  if (phase === 'Degraded')
    return status?.warning ?? theme.palette.warning.main;
  if (isTransitional(phase)) return status?.running ?? theme.palette.info.main;
  return status?.aborted ?? theme.palette.text.disabled;
}

const useStyles = makeStyles(
  theme => ({
    chip: {
      margin: 0,
      fontWeight: 500,
      // The theme's own margins are those of larger icons.
      '& $dot, & $spinner': { margin: theme.spacing(0, -0.25, 0, 1) },
    },
    spinner: {},
    dot: {
      width: 10,
      height: 10,
      borderRadius: '50%',
      backgroundColor: ({ phase }: { phase: Phase }) =>
        phaseColor(phase, theme),
      flex: 'none',
    },
  }),
  { name: 'GenaiEnvironmentPhaseChip' },
);

/** Phase of an environment, announced to screen readers when `live`. */
export function PhaseChip(props: { phase: Phase; live?: boolean }) {
  const { phase, live } = props;
  const classes = useStyles({ phase });
  const chip = (
    <Chip
      size="small"
      variant="outlined"
      className={classes.chip}
      label={phase}
      icon={
        isTransitional(phase) ? (
          <CircularProgress
            className={classes.spinner}
            size={12}
            thickness={6}
            aria-hidden
          />
        ) : (
          <span className={classes.dot} aria-hidden />
        )
      }
    />
  );
  if (!live) return chip;
  return (
    <div role="status" aria-live="polite" aria-label={`Phase: ${phase}`}>
      {chip}
    </div>
  );
}

import MenuItem from '@material-ui/core/MenuItem';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { ActionsMenu } from '../common/ActionsMenu';
import { serviceLabel } from '../common/services';
import type { ServiceAction } from './serviceControls';

const LABELS = { restart: 'Restart', scale: 'Scale…' };

const useStyles = makeStyles(
  theme => ({
    item: {
      display: 'block',
      whiteSpace: 'normal',
      // The reason has to be readable although the entry is off.
      '&.Mui-disabled': { opacity: 1, color: theme.palette.text.disabled },
    },
    reason: { maxWidth: 240 },
  }),
  { name: 'GenaiEnvironmentServiceMenu' },
);

/** What can be done with one service; with `refusal`, why not now. */
export function ServiceMenu(props: {
  name: ServiceAction['name'];
  kinds: Array<ServiceAction['kind']>;
  refusal: string | undefined;
  onChoose: (kind: ServiceAction['kind']) => void;
}) {
  const { name, kinds, refusal, onChoose } = props;
  const classes = useStyles();
  return (
    <ActionsMenu id={`genai-service-menu-${name}`} of={serviceLabel(name)}>
      {close =>
        kinds.map(kind => (
          <MenuItem
            key={kind}
            className={classes.item}
            disabled={refusal !== undefined}
            onClick={() => {
              close();
              onChoose(kind);
            }}
          >
            {LABELS[kind]}
            {refusal && (
              <Typography
                className={classes.reason}
                variant="body2"
                color="textSecondary"
              >
                {refusal}
              </Typography>
            )}
          </MenuItem>
        ))
      }
    </ActionsMenu>
  );
}

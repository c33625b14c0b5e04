import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type { ReactNode } from 'react';

const useStyles = makeStyles(
  theme => ({
    root: { padding: theme.spacing(2, 0) },
    action: { marginTop: theme.spacing(2) },
  }),
  { name: 'GenaiEnvironmentEmptyNote' },
);

/**
 * In place of what a card would show. Backstage's `EmptyState` is made for whole pages: it
 * brings a background and a picture, which make a card jump as its content comes and goes.
 */
export function EmptyNote(props: {
  title: string;
  description: string;
  action?: ReactNode;
}) {
  const { title, description, action } = props;
  const classes = useStyles();
  return (
    <div className={classes.root}>
      <Typography variant="subtitle1" component="h3">
        {title}
      </Typography>
      <Typography variant="body2" color="textSecondary">
        {description}
      </Typography>
      {action && <div className={classes.action}>{action}</div>}
    </div>
  );
}

import { makeStyles } from '@material-ui/core/styles';
import type { ReactNode } from 'react';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      justifyContent: 'flex-end',
      gap: theme.spacing(0.5),
      // In line with the title, and inside of the card: Material UI pulls what stands
      // here out to the top and to the right.
      minHeight: 36,
      margin: theme.spacing(1, 1, 0, 0),
    },
  }),
  { name: 'GenaiEnvironmentCardAction' },
);

/** What stands to the right of a card's title. */
export function CardAction(props: { children: ReactNode }) {
  const classes = useStyles();
  return <div className={classes.root}>{props.children}</div>;
}

import { makeStyles } from '@material-ui/core/styles';
import type { ComponentType, ReactNode } from 'react';

const useStyles = makeStyles(
  {
    root: {
      display: 'inline-flex',
      alignItems: 'center',
      whiteSpace: 'nowrap',
      // Backstage lowers its signs for the taller lines of running text.
      '& svg': { top: 0 },
    },
    words: { alignSelf: 'baseline' },
  },
  { name: 'GenaiEnvironmentStatusLabel' },
);

/**
 * A coloured sign and its words. Backstage hides from screen readers what stands inside
 * its signs (`StatusOK` and the like), so the words stand beside.
 */
export function StatusLabel(props: {
  sign: ComponentType<{}>;
  children: ReactNode;
}) {
  const { sign: Sign, children } = props;
  const classes = useStyles();
  return (
    <span className={classes.root}>
      <Sign />
      <span className={classes.words}>{children}</span>
    </span>
  );
}

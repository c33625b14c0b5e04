import { makeStyles } from '@material-ui/core/styles';
import type { ComponentType, ReactNode } from 'react';

const useStyles = makeStyles(
  {
    root: {
      display: 'inline-flex',
      alignItems: 'baseline',
      whiteSpace: 'nowrap',
    },
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
      <span>{children}</span>
    </span>
  );
}

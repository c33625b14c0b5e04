import { makeStyles } from '@material-ui/core/styles';
import type { ReactNode } from 'react';

const useStyles = makeStyles(
  theme => ({
    list: {
      display: 'grid',
      gridTemplateColumns: 'minmax(7rem, max-content) minmax(0, 1fr)',
      gap: theme.spacing(1.25, 3),
      alignItems: 'baseline',
      margin: 0,
      fontFamily: theme.typography.fontFamily,
      [theme.breakpoints.down('xs')]: {
        gridTemplateColumns: 'minmax(0, 1fr)',
        rowGap: theme.spacing(0.25),
      },
    },
    term: {
      color: theme.palette.text.secondary,
      fontSize: theme.typography.body2.fontSize,
    },
    detail: {
      margin: 0,
      minWidth: 0,
      overflowWrap: 'anywhere',
      [theme.breakpoints.down('xs')]: { marginBottom: theme.spacing(1.5) },
    },
  }),
  { name: 'GenaiEnvironmentFactList' },
);

/** Terms and their values; facts without a value are left out. */
export function FactList(props: { facts: Array<[string, ReactNode]> }) {
  const classes = useStyles();
  return (
    <dl className={classes.list}>
      {props.facts
        .filter(([, value]) => value !== undefined && value !== null)
        .map(([term, value]) => [
          <dt key={`${term}-term`} className={classes.term}>
            {term}
          </dt>,
          <dd key={`${term}-detail`} className={classes.detail}>
            {value}
          </dd>,
        ])}
    </dl>
  );
}

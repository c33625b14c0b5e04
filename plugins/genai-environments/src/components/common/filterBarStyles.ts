import { makeStyles } from '@material-ui/core/styles';

/** A row of fields that narrow a list down; on a phone each has a line of its own. */
export const useFilterBarStyles = makeStyles(
  theme => ({
    bar: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(2),
      marginBottom: theme.spacing(2),
    },
    field: {
      minWidth: 180,
      [theme.breakpoints.down('xs')]: { flex: '1 1 100%' },
    },
  }),
  { name: 'GenaiEnvironmentFilterBar' },
);

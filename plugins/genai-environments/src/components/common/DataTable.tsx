import { makeStyles } from '@material-ui/core/styles';
import Table from '@material-ui/core/Table';
import TableContainer from '@material-ui/core/TableContainer';
import type { ReactNode } from 'react';

const useStyles = makeStyles(
  theme => ({
    table: {
      minWidth: ({ minWidth }: { minWidth: number }) => minWidth,
      // Backstage's theme breaks words anywhere, which turns narrow cells into columns of letters.
      '& td, & th': { wordBreak: 'normal', overflowWrap: 'break-word' },
      '& thead th, & time': { whiteSpace: 'nowrap' },
      [theme.breakpoints.down('xs')]: {
        '& td, & th': { paddingLeft: 8, paddingRight: 8 },
      },
    },
  }),
  { name: 'GenaiEnvironmentDataTable' },
);

/** A small table that scrolls sideways on screens narrower than `minWidth` pixels. */
export function DataTable(props: {
  label: string;
  minWidth: number;
  children: ReactNode;
}) {
  const { label, minWidth, children } = props;
  const classes = useStyles({ minWidth });
  return (
    <TableContainer>
      <Table size="small" className={classes.table} aria-label={label}>
        {children}
      </Table>
    </TableContainer>
  );
}

import { makeStyles } from '@material-ui/core/styles';
import Table from '@material-ui/core/Table';
import TableCell from '@material-ui/core/TableCell';
import TableContainer from '@material-ui/core/TableContainer';
import type { ReactNode } from 'react';

const useStyles = makeStyles(
  theme => ({
    table: {
      minWidth: ({ minWidth }: { minWidth: number }) => minWidth,
      // Backstage's theme breaks words anywhere, which turns narrow cells into columns of
      // letters, and leaves no space between the lines of a cell.
      '& td, & th': {
        wordBreak: 'normal',
        overflowWrap: 'break-word',
        lineHeight: theme.typography.body2.lineHeight,
      },
      '& thead th, & time': { whiteSpace: 'nowrap' },
      [theme.breakpoints.down('xs')]: {
        '& td, & th': { paddingLeft: 8, paddingRight: 8 },
      },
    },
  }),
  { name: 'GenaiEnvironmentDataTable' },
);

const useActionsStyles = makeStyles(
  theme => ({
    cell: {
      [theme.breakpoints.down('xs')]: {
        position: 'sticky',
        right: 0,
        backgroundColor: theme.palette.background.paper,
        borderLeft: `1px solid ${theme.palette.divider}`,
      },
    },
  }),
  { name: 'GenaiEnvironmentActionsCell' },
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

/** The last cell of a row: stays in reach where the table scrolls sideways. */
export function ActionsCell(props: {
  padding?: 'none';
  /** Names the column where its head shows no words. */
  'aria-label'?: string;
  children?: ReactNode;
}) {
  const classes = useActionsStyles();
  return <TableCell {...props} align="right" className={classes.cell} />;
}

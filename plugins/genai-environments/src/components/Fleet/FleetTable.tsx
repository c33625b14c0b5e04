import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { Environment } from '@genai-environments/backstage-plugin-genai-environments-common';
import Paper from '@material-ui/core/Paper';
import { makeStyles } from '@material-ui/core/styles';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableContainer from '@material-ui/core/TableContainer';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import TableSortLabel from '@material-ui/core/TableSortLabel';
import Skeleton from '@material-ui/lab/Skeleton';
import { ReactNode, useState } from 'react';
import { environmentEntityRef } from '../../entity';
import { OwnerLink } from '../common/OwnerLink';
import { PhaseChip } from '../common/PhaseChip';
import { RelativeTime } from '../common/RelativeTime';

type Column = {
  title: string;
  /** Left out on narrow screens. */
  wide?: boolean;
  sortBy: (environment: Environment) => string | number;
  cell: (environment: Environment) => ReactNode;
};

const COLUMNS: Column[] = [
  {
    title: 'Name',
    sortBy: e => e.name,
    cell: e => (
      <EntityRefLink entityRef={environmentEntityRef(e.name)} title={e.name} />
    ),
  },
  {
    title: 'Phase',
    sortBy: e => e.status.phase,
    cell: e => <PhaseChip phase={e.status.phase} />,
  },
  {
    title: 'Owner',
    sortBy: e => e.owner,
    cell: e => <OwnerLink entityRef={e.owner} />,
  },
  {
    title: 'Tier',
    wide: true,
    sortBy: e => e.spec.tier,
    cell: e => e.spec.tier,
  },
  {
    title: 'Provisioner',
    wide: true,
    sortBy: e => e.spec.provisioner,
    cell: e => e.spec.provisioner,
  },
  {
    title: 'Models',
    wide: true,
    sortBy: e => e.spec.models.length,
    cell: e => e.spec.models.length,
  },
  {
    title: 'Created',
    wide: true,
    sortBy: e => e.createdAt,
    cell: e => <RelativeTime at={e.createdAt} />,
  },
  {
    title: 'Expires',
    sortBy: e => e.expiresAt ?? '9999',
    cell: e => (e.expiresAt ? <RelativeTime at={e.expiresAt} /> : 'Never'),
  },
];

const useStyles = makeStyles(
  theme => ({
    wide: { [theme.breakpoints.down('sm')]: { display: 'none' } },
    // Rather a table that scrolls sideways than words in pieces.
    cell: {
      whiteSpace: 'nowrap',
      [theme.breakpoints.down('xs')]: { padding: theme.spacing(1) },
    },
  }),
  { name: 'GenaiEnvironmentFleetTable' },
);

/** Environments in rows; `undefined` shows a skeleton. */
export function FleetTable(props: { environments: Environment[] | undefined }) {
  const { environments } = props;
  const classes = useStyles();
  const [sort, setSort] = useState({ title: 'Name', descending: false });
  const classOf = (column: Column) =>
    column.wide ? `${classes.cell} ${classes.wide}` : classes.cell;

  return (
    <TableContainer component={Paper}>
      <Table aria-label="GenAI environments" aria-busy={!environments}>
        <TableHead>
          <TableRow>
            {COLUMNS.map(column => {
              const active = column.title === sort.title;
              const direction = sort.descending ? 'desc' : 'asc';
              return (
                <TableCell
                  key={column.title}
                  className={classOf(column)}
                  sortDirection={active ? direction : false}
                >
                  <TableSortLabel
                    active={active}
                    direction={active ? direction : 'asc'}
                    onClick={() =>
                      setSort({
                        title: column.title,
                        descending: active && !sort.descending,
                      })
                    }
                  >
                    {column.title}
                  </TableSortLabel>
                </TableCell>
              );
            })}
          </TableRow>
        </TableHead>
        <TableBody>
          {environments
            ? sorted(environments, sort).map(environment => (
                <TableRow key={environment.uid} hover>
                  {COLUMNS.map(column => (
                    <TableCell key={column.title} className={classOf(column)}>
                      {column.cell(environment)}
                    </TableCell>
                  ))}
                </TableRow>
              ))
            : [1, 2, 3].map(row => (
                <TableRow key={row}>
                  {COLUMNS.map(column => (
                    <TableCell key={column.title} className={classOf(column)}>
                      <Skeleton />
                    </TableCell>
                  ))}
                </TableRow>
              ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}

function sorted(
  environments: Environment[],
  sort: { title: string; descending: boolean },
): Environment[] {
  const column = COLUMNS.find(c => c.title === sort.title) ?? COLUMNS[0];
  const factor = sort.descending ? -1 : 1;
  return [...environments].sort((a, b) => {
    const [left, right] = [column.sortBy(a), column.sortBy(b)];
    if (left === right) return a.name < b.name ? -1 : 1;
    return left < right ? -factor : factor;
  });
}

import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableFooter from '@material-ui/core/TableFooter';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import { DataTable } from '../common/DataTable';
import { ModelUsage, usageTotal } from './usageTotals';

const COLUMNS = [
  ['Calls', 'invocations'],
  ['Failed', 'failedInvocations'],
  ['Input tokens', 'inputTokens'],
  ['Output tokens', 'outputTokens'],
] as const;

/** Usage by model with a line for all of them. */
export function UsageTable(props: { usages: ModelUsage[] }) {
  return (
    <DataTable label="Usage by model" minWidth={520}>
      <TableHead>
        <TableRow>
          <TableCell>Model</TableCell>
          {COLUMNS.map(([title]) => (
            <TableCell key={title} align="right">
              {title}
            </TableCell>
          ))}
        </TableRow>
      </TableHead>
      <TableBody>
        {props.usages.map(usage => (
          <UsageRow key={usage.model} usage={usage} />
        ))}
      </TableBody>
      <TableFooter>
        <UsageRow usage={usageTotal(props.usages)} />
      </TableFooter>
    </DataTable>
  );
}

function UsageRow(props: { usage: ModelUsage }) {
  const { usage } = props;
  return (
    <TableRow>
      <TableCell component="th" scope="row">
        {usage.model}
      </TableCell>
      {COLUMNS.map(([title, field]) => (
        <TableCell key={title} align="right">
          {usage[field].toLocaleString('en')}
        </TableCell>
      ))}
    </TableRow>
  );
}

import {
  InfoCard,
  StatusOK,
  StatusPending,
  StatusWarning,
} from '@backstage/core-components';
import type { Condition } from '@genai-environments/backstage-plugin-genai-environments-common';
import type { Theme } from '@material-ui/core/styles';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import Typography from '@material-ui/core/Typography';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import { DataTable } from '../common/DataTable';
import { RelativeTime } from '../common/RelativeTime';
import { StatusLabel } from '../common/StatusLabel';

const SIGNS = {
  True: StatusOK,
  False: StatusWarning,
  Unknown: StatusPending,
};

/** What asks for something to be done is no good news, though it be true. */
function signOf({ status, nextAction }: Condition) {
  return status === 'True' && nextAction ? StatusWarning : SIGNS[status];
}

/** The observations behind the phase, each with its reason. */
export function ConditionsCard(props: { conditions: Condition[] }) {
  const { conditions } = props;
  // No room for a third column: the time stands below what was seen.
  const narrow = useMediaQuery<Theme>(theme => theme.breakpoints.down('xs'));
  return (
    <InfoCard title="Conditions">
      {conditions.length === 0 ? (
        <Typography color="textSecondary">Nothing was observed yet.</Typography>
      ) : (
        <DataTable label="Conditions" minWidth={narrow ? 0 : 520}>
          <TableHead>
            <TableRow>
              <TableCell>Condition</TableCell>
              <TableCell>What was seen</TableCell>
              {!narrow && <TableCell>Since</TableCell>}
            </TableRow>
          </TableHead>
          <TableBody>
            {conditions.map(condition => (
              <ConditionRow
                key={condition.type}
                condition={condition}
                narrow={narrow}
              />
            ))}
          </TableBody>
        </DataTable>
      )}
    </InfoCard>
  );
}

function ConditionRow(props: { condition: Condition; narrow: boolean }) {
  const { condition, narrow } = props;
  const since = <RelativeTime at={condition.lastTransitionAt} />;
  return (
    <TableRow>
      <TableCell component="th" scope="row">
        <StatusLabel sign={signOf(condition)}>
          {condition.type}: {condition.status}
        </StatusLabel>
      </TableCell>
      <TableCell>
        {condition.message}
        {condition.nextAction && (
          <Typography variant="body2" color="textSecondary">
            What to do: {condition.nextAction}
          </Typography>
        )}
        {narrow && (
          <Typography variant="body2" color="textSecondary">
            {since}
          </Typography>
        )}
      </TableCell>
      {!narrow && <TableCell>{since}</TableCell>}
    </TableRow>
  );
}

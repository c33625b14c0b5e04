import {
  InfoCard,
  StatusOK,
  StatusPending,
  StatusWarning,
} from '@backstage/core-components';
import type { Condition } from '@genai-environments/backstage-plugin-genai-environments-common';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import Typography from '@material-ui/core/Typography';
import { DataTable } from '../common/DataTable';
import { RelativeTime } from '../common/RelativeTime';
import { StatusLabel } from '../common/StatusLabel';

const SIGNS = {
  True: StatusOK,
  False: StatusWarning,
  Unknown: StatusPending,
};

/** The observations behind the phase, each with its reason. */
export function ConditionsCard(props: { conditions: Condition[] }) {
  const { conditions } = props;
  return (
    <InfoCard title="Conditions">
      {conditions.length === 0 ? (
        <Typography color="textSecondary">Nothing was observed yet.</Typography>
      ) : (
        <DataTable label="Conditions" minWidth={520}>
          <TableHead>
            <TableRow>
              <TableCell>Condition</TableCell>
              <TableCell>What was seen</TableCell>
              <TableCell>Since</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {conditions.map(condition => (
              <ConditionRow key={condition.type} condition={condition} />
            ))}
          </TableBody>
        </DataTable>
      )}
    </InfoCard>
  );
}

function ConditionRow(props: { condition: Condition }) {
  const { condition } = props;
  return (
    <TableRow>
      <TableCell component="th" scope="row">
        <StatusLabel sign={SIGNS[condition.status]}>
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
      </TableCell>
      <TableCell>
        <RelativeTime at={condition.lastTransitionAt} />
      </TableCell>
    </TableRow>
  );
}

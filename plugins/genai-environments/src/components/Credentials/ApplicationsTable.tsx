import { StatusAborted, StatusOK } from '@backstage/core-components';
import type { Application } from '@genai-environments/backstage-plugin-genai-environments-common';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import Typography from '@material-ui/core/Typography';
import { ChipList } from '../common/ChipList';
import { CopyField } from '../common/CopyField';
import { ActionsCell, DataTable } from '../common/DataTable';
import { StatusLabel } from '../common/StatusLabel';
import { ApplicationActions } from './ApplicationActions';
import type { ApplicationAction } from './ApplicationDialogs';
import { SecretState } from './SecretState';
import type { CredentialPermissions } from './useCredentialPermissions';

/** Applications with their state and what may be done with them. */
export function ApplicationsTable(props: {
  applications: Application[];
  permissions: CredentialPermissions;
  onAction: (action: ApplicationAction) => void;
}) {
  const { applications, permissions, onAction } = props;
  const hasActions = permissions.canManage || permissions.canReveal;
  return (
    <DataTable label="Applications" minWidth={860}>
      <TableHead>
        <TableRow>
          <TableCell>Application</TableCell>
          <TableCell>Client id</TableCell>
          <TableCell>Scopes</TableCell>
          <TableCell>State</TableCell>
          <TableCell>Secret</TableCell>
          {hasActions && <ActionsCell>Actions</ActionsCell>}
        </TableRow>
      </TableHead>
      <TableBody>
        {applications.map(application => (
          <TableRow key={application.id}>
            <TableCell component="th" scope="row">
              {application.name}
              {application.description && (
                <Typography variant="body2" color="textSecondary">
                  {application.description}
                </Typography>
              )}
            </TableCell>
            <TableCell>
              <CopyField
                value={application.clientId}
                what={`client id of ${application.name}`}
              />
            </TableCell>
            <TableCell>
              <ChipList
                values={application.scopes}
                label={`Scopes of ${application.name}`}
              />
            </TableCell>
            <TableCell>
              <EnabledState application={application} />
            </TableCell>
            <TableCell>
              <SecretState application={application} />
            </TableCell>
            {hasActions && (
              <ActionsCell>
                <ApplicationActions
                  application={application}
                  permissions={permissions}
                  onAction={onAction}
                />
              </ActionsCell>
            )}
          </TableRow>
        ))}
      </TableBody>
    </DataTable>
  );
}

function EnabledState(props: { application: Application }) {
  const { enabled, observed } = props.application;
  return (
    <>
      <StatusLabel sign={enabled ? StatusOK : StatusAborted}>
        {enabled ? 'Enabled' : 'Disabled'}
      </StatusLabel>
      {!observed && (
        <Typography variant="body2" color="textSecondary">
          Taking effect…
        </Typography>
      )}
    </>
  );
}

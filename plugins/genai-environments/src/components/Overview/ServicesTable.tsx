import type {
  Environment,
  ProvisionerInfo,
  ServiceStatus,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import Typography from '@material-ui/core/Typography';
import { ActionsCell, DataTable } from '../common/DataTable';
import { RelativeTime } from '../common/RelativeTime';
import { HealthLabel, ServiceTitle } from '../common/ServiceHealth';
import {
  ownServiceName,
  refusalOf,
  ServiceAction,
  tasksText,
} from './serviceControls';
import { ServiceMenu } from './ServiceMenu';

type ServicesTableProps = {
  environment: Environment;
  /** Absent: the signed-in user may change nothing. */
  provisioner: ProvisionerInfo | undefined;
  onAction: (action: ServiceAction) => void;
};

/** Services, each with what can be done about it. */
export function ServicesTable(props: ServicesTableProps) {
  return (
    <DataTable label="Services" minWidth={320}>
      <TableHead>
        <TableRow>
          <TableCell>Service</TableCell>
          <TableCell>Health</TableCell>
          <TableCell>Started</TableCell>
          {props.provisioner && (
            <ActionsCell padding="none" aria-label="Actions" />
          )}
        </TableRow>
      </TableHead>
      <TableBody>
        {props.environment.status.services.map(service => (
          <ServiceRow key={service.name} service={service} {...props} />
        ))}
      </TableBody>
    </DataTable>
  );
}

function ServiceRow(props: ServicesTableProps & { service: ServiceStatus }) {
  const { service, environment, provisioner } = props;
  const { health, message, startedAt, tasks } = service;
  const notes = [message, tasks && tasksText(tasks)].filter(Boolean);
  return (
    <TableRow>
      <TableCell component="th" scope="row">
        <ServiceTitle service={service} outputs={environment.status.outputs} />
      </TableCell>
      <TableCell>
        <HealthLabel health={health} />
        {notes.map(note => (
          <Typography key={note} variant="body2" color="textSecondary">
            {note}
          </Typography>
        ))}
      </TableCell>
      <TableCell>
        {startedAt ? <RelativeTime at={startedAt} /> : 'not started'}
      </TableCell>
      {provisioner && (
        <ActionsCell padding="none">
          <RowMenu {...props} provisioner={provisioner} />
        </ActionsCell>
      )}
    </TableRow>
  );
}

function RowMenu(
  props: ServicesTableProps & {
    service: ServiceStatus;
    provisioner: ProvisionerInfo;
  },
) {
  const { environment, provisioner, service, onAction } = props;
  const name = ownServiceName(environment, service.name);
  if (!name) return null;
  return (
    <ServiceMenu
      name={name}
      kinds={provisioner.canScale ? ['restart', 'scale'] : ['restart']}
      refusal={refusalOf(environment)}
      onChoose={kind => onAction({ kind, name, tasks: service.tasks })}
    />
  );
}

import { InfoCard } from '@backstage/core-components';
import type { EnvironmentStatus } from '@genai-environments/backstage-plugin-genai-environments-common';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import Typography from '@material-ui/core/Typography';
import { DataTable } from '../common/DataTable';
import { RelativeTime } from '../common/RelativeTime';
import { HealthLabel, ServiceTitle } from '../common/ServiceHealth';

/** What runs, how it is, since when. */
export function ServicesCard(props: { status: EnvironmentStatus }) {
  const { services, outputs } = props.status;
  return (
    <InfoCard
      title="Services"
      subheader={outputs.runtime && releaseText(outputs.runtime)}
      variant="gridItem"
    >
      {services.length === 0 ? (
        <Typography color="textSecondary">No service runs yet.</Typography>
      ) : (
        <DataTable label="Services" minWidth={380}>
          <TableHead>
            <TableRow>
              <TableCell>Service</TableCell>
              <TableCell>Health</TableCell>
              <TableCell>Started</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {services.map(service => (
              <TableRow key={service.name}>
                <TableCell component="th" scope="row">
                  <ServiceTitle service={service} outputs={outputs} />
                </TableCell>
                <TableCell>
                  <HealthLabel health={service.health} />
                  {service.message && (
                    <Typography variant="body2" color="textSecondary">
                      {service.message}
                    </Typography>
                  )}
                </TableCell>
                <TableCell>
                  {service.startedAt ? (
                    <RelativeTime at={service.startedAt} />
                  ) : (
                    'not started'
                  )}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </DataTable>
      )}
    </InfoCard>
  );
}

function releaseText(
  runtime: NonNullable<EnvironmentStatus['outputs']['runtime']>,
): string {
  return runtime.source === 'own'
    ? `Version ${runtime.version}, built from the source in the project's repository`
    : `Version ${runtime.version}, as it was released`;
}

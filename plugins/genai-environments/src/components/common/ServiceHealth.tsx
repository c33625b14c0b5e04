import {
  Link,
  StatusAborted,
  StatusError,
  StatusOK,
  StatusPending,
  StatusRunning,
} from '@backstage/core-components';
import type {
  EnvironmentStatus,
  ServiceStatus,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { webAddress } from './links';
import { serviceLabel } from './services';
import { StatusLabel } from './StatusLabel';

const SIGNS = {
  healthy: StatusOK,
  unhealthy: StatusError,
  starting: StatusRunning,
  stopped: StatusAborted,
  unknown: StatusPending,
};

const useStyles = makeStyles(
  theme => ({
    list: {
      listStyle: 'none',
      margin: 0,
      padding: 0,
      display: 'grid',
      gap: theme.spacing(0.5),
    },
    service: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'baseline',
      columnGap: theme.spacing(1),
    },
  }),
  { name: 'GenaiEnvironmentServiceHealth' },
);

/** Name of a service; the app's leads to the app. */
export function ServiceTitle(props: {
  service: ServiceStatus;
  outputs: EnvironmentStatus['outputs'];
}) {
  const { service, outputs } = props;
  const label = serviceLabel(service.name);
  // Only the app is made for browsers: the other addresses are those of APIs.
  const appUrl = service.name === 'app' && webAddress(outputs.appUrl);
  return appUrl ? <Link to={appUrl}>{label}</Link> : <>{label}</>;
}

/** Health of one service, in a word beside the colour. */
export function HealthLabel(props: { health: ServiceStatus['health'] }) {
  return (
    <StatusLabel sign={SIGNS[props.health] ?? StatusPending}>
      <Typography component="span" variant="body2" color="textSecondary">
        {props.health}
      </Typography>
    </StatusLabel>
  );
}

/** Services with their health, short. */
export function ServiceHealthList(props: { status: EnvironmentStatus }) {
  const { services, outputs } = props.status;
  const classes = useStyles();
  if (services.length === 0) return <>None running</>;
  return (
    <ul className={classes.list} aria-label="Services">
      {services.map(service => (
        <li key={service.name} className={classes.service}>
          <StatusLabel sign={SIGNS[service.health] ?? StatusPending}>
            <ServiceTitle service={service} outputs={outputs} />
          </StatusLabel>
          <Typography component="span" variant="body2" color="textSecondary">
            {service.health}
            {service.health !== 'healthy' && service.message
              ? `: ${service.message}`
              : ''}
          </Typography>
        </li>
      ))}
    </ul>
  );
}

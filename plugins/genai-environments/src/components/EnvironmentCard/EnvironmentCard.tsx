import { InfoCard } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import Skeleton from '@material-ui/lab/Skeleton';
import type { ReactNode } from 'react';
import { useEnvironment } from '../../environment/useEnvironment';
import { CardAction } from '../common/CardAction';
import { EnvironmentGone } from '../common/EnvironmentGone';
import { ErrorNotice } from '../common/ErrorNotice';
import { PhaseChip } from '../common/PhaseChip';
import { StaleNotice } from '../common/StaleNotice';
import { HibernatedNotice } from '../Hibernation/HibernatedNotice';
import { HibernateButton } from '../Hibernation/HibernateButton';
import { useLeaveWhenDeleted } from '../TearDown/useLeaveWhenDeleted';
import { EnvironmentFacts } from './EnvironmentFacts';
import { PhaseNotice } from './PhaseNotice';
import { ProgressPanel } from './ProgressPanel';

const useStyles = makeStyles(
  theme => ({
    body: { display: 'grid', gap: theme.spacing(2) },
  }),
  { name: 'GenaiEnvironmentCard' },
);

/** How one environment is, live. */
export function EnvironmentCard(props: { name: string }) {
  const { name } = props;
  const { status, environment, events, error, connection, retry } =
    useEnvironment(name);
  useLeaveWhenDeleted(name);

  if (status === 'error') {
    return (
      <Frame>
        <ErrorNotice
          title="The environment could not be read"
          error={error}
          onRetry={retry}
        />
      </Frame>
    );
  }
  if (status === 'missing' || status === 'deleted') {
    return (
      <Frame
        action={status === 'deleted' && <PhaseChip phase="Deleted" live />}
      >
        <EnvironmentGone name={name} deleted={status === 'deleted'} />
      </Frame>
    );
  }
  if (!environment) {
    return (
      <Frame>
        <div role="status" aria-label={`Loading environment ${name}`}>
          <Skeleton width="40%" />
          <Skeleton width="80%" />
          <Skeleton width="60%" />
        </div>
      </Frame>
    );
  }
  return (
    <Frame action={<PhaseChip phase={environment.status.phase} live />}>
      {connection === 'reconnecting' && <StaleNotice />}
      <PhaseNotice environment={environment} />
      <HibernatedNotice environment={environment} />
      <ProgressPanel environment={environment} events={events} />
      <EnvironmentFacts environment={environment} />
      <HibernateButton environment={environment} />
    </Frame>
  );
}

function Frame(props: { action?: ReactNode; children: ReactNode }) {
  const classes = useStyles();
  return (
    <InfoCard
      title="GenAI environment"
      action={props.action && <CardAction>{props.action}</CardAction>}
    >
      <div className={classes.body}>{props.children}</div>
    </InfoCard>
  );
}

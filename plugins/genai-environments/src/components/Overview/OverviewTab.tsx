import type { Phase } from '@genai-environments/backstage-plugin-genai-environments-common';
import Grid from '@material-ui/core/Grid';
import { PhaseNotice } from '../EnvironmentCard/PhaseNotice';
import { ProgressPanel } from '../EnvironmentCard/ProgressPanel';
import type { EnvironmentTabProps } from '../EnvironmentContent/tabProps';
import { ConditionsCard } from './ConditionsCard';
import { DetailsCard } from './DetailsCard';
import { ServicesCard } from './ServicesCard';
import { UsageCard } from './UsageCard';

/** Everything about an environment that is no secret. */
export function OverviewTab(props: EnvironmentTabProps) {
  const { environment, events } = props;
  return (
    <Grid container spacing={3}>
      {!isSteady(environment.status.phase) && (
        <Grid item xs={12}>
          <PhaseNotice environment={environment} />
          <ProgressPanel environment={environment} events={events} />
        </Grid>
      )}
      <Grid item xs={12} lg={6}>
        <DetailsCard environment={environment} />
      </Grid>
      <Grid item xs={12} lg={6}>
        <ServicesCard environment={environment} />
      </Grid>
      <Grid item xs={12}>
        <UsageCard name={environment.name} />
      </Grid>
      <Grid item xs={12}>
        <ConditionsCard conditions={environment.status.conditions} />
      </Grid>
    </Grid>
  );
}

function isSteady(phase: Phase): boolean {
  return phase === 'Ready' || phase === 'Hibernated';
}

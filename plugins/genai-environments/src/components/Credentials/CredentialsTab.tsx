import Grid from '@material-ui/core/Grid';
import { useState } from 'react';
import type { EnvironmentTabProps } from '../EnvironmentContent/tabProps';
import { ApplicationsCard } from './ApplicationsCard';
import { ConnectionCard } from './ConnectionCard';
import { SnippetsCard } from './SnippetsCard';
import { useApplications } from './useApplications';

/** How to call an environment, and who may. */
export function CredentialsTab(props: EnvironmentTabProps) {
  const { environment, events } = props;
  const { applications, error, reload } = useApplications(
    environment.name,
    events.at(-1)?.sequence,
  );
  const [clientId, setClientId] = useState<string>();
  const external = applications?.filter(a => a.kind === 'external') ?? [];
  const selected =
    external.find(a => a.clientId === clientId) ??
    external.find(a => a.enabled) ??
    external[0];

  return (
    <Grid container spacing={3}>
      <Grid item xs={12}>
        <ConnectionCard environment={environment} />
      </Grid>
      <Grid item xs={12}>
        <ApplicationsCard
          environment={environment}
          applications={applications}
          error={error}
          onChange={reload}
        />
      </Grid>
      <Grid item xs={12}>
        <SnippetsCard
          environment={environment}
          applications={external}
          selected={selected}
          onSelect={setClientId}
        />
      </Grid>
    </Grid>
  );
}

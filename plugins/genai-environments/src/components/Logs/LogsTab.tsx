import { InfoCard, Progress } from '@backstage/core-components';
import { usePermission } from '@backstage/plugin-permission-react';
import { genaiLogReadPermission } from '@genai-environments/backstage-plugin-genai-environments-common';
import Alert from '@material-ui/lab/Alert';
import type { EnvironmentTabProps } from '../EnvironmentContent/tabProps';
import { LogsCard } from './LogsCard';

/** What the services and the app write, for those who may read it. */
export function LogsTab(props: EnvironmentTabProps) {
  const { environment } = props;
  const { allowed, loading } = usePermission({
    permission: genaiLogReadPermission,
    resourceRef: environment.name,
  });
  if (loading) return <Progress />;
  if (allowed) return <LogsCard environment={environment} />;
  return (
    <InfoCard title="Logs">
      <Alert severity="info">
        Only members of {environment.owner} can read the logs: they may hold
        what users of the environment wrote.
      </Alert>
    </InfoCard>
  );
}

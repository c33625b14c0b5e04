import { InfoCard } from '@backstage/core-components';
import type {
  Environment,
  EnvironmentStatus,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import Typography from '@material-ui/core/Typography';
import { useState } from 'react';
import { useUpdatableProvisioner } from '../common/useUpdatableProvisioner';
import { RestartDialog } from './RestartDialog';
import { ScaleDialog } from './ScaleDialog';
import type { ServiceAction } from './serviceControls';
import { ServicesTable } from './ServicesTable';

/** What runs, how it is, since when, and what can be done about it. */
export function ServicesCard(props: { environment: Environment }) {
  const { environment } = props;
  const { services, outputs } = environment.status;
  const provisioner = useUpdatableProvisioner(environment);
  const [action, setAction] = useState<ServiceAction>();
  const dialogProps = { environment, onClose: () => setAction(undefined) };
  return (
    <InfoCard
      title="Services"
      subheader={outputs.runtime && releaseText(outputs.runtime)}
      variant="gridItem"
    >
      {services.length === 0 ? (
        <Typography color="textSecondary">No service runs yet.</Typography>
      ) : (
        <ServicesTable
          environment={environment}
          provisioner={provisioner}
          onAction={setAction}
        />
      )}
      {provisioner && action?.kind === 'restart' && (
        <RestartDialog
          {...dialogProps}
          provisioner={provisioner}
          action={action}
        />
      )}
      {action?.kind === 'scale' && (
        <ScaleDialog {...dialogProps} action={action} />
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

import { useApi } from '@backstage/core-plugin-api';
import type {
  Environment,
  ProvisionerInfo,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import DialogContentText from '@material-ui/core/DialogContentText';
import { genaiEnvironmentsApiRef } from '../../api';
import { useEnvironmentStore } from '../../environment/useEnvironment';
import { ConfirmDialog } from '../common/ConfirmDialog';
import { serviceLabel } from '../common/services';
import type { ServiceAction } from './serviceControls';

/** Says what a restart interrupts before it is asked for. */
export function RestartDialog(props: {
  environment: Environment;
  provisioner: ProvisionerInfo;
  action: ServiceAction;
  onClose: () => void;
}) {
  const { environment, provisioner, action, onClose } = props;
  const api = useApi(genaiEnvironmentsApiRef);
  const store = useEnvironmentStore(environment.name);
  return (
    <ConfirmDialog
      id="genai-restart"
      title={`Restart ${serviceLabel(action.name)}`}
      confirmLabel="Restart"
      onClose={onClose}
      onConfirm={async () => {
        store.accept(await api.restartService(environment.name, action.name));
      }}
    >
      <DialogContentText color="textPrimary">
        {provisioner.canScale
          ? 'New tasks start and take over from the old ones, which finish the requests they have; that takes minutes. Services that share its tasks restart with it.'
          : 'All services of this environment run in one process, which restarts as a whole: for a second or two calls are refused.'}{' '}
        Data, addresses and secrets are kept.
      </DialogContentText>
    </ConfirmDialog>
  );
}

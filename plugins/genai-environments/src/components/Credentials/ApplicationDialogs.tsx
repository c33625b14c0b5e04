import { useApi } from '@backstage/core-plugin-api';
import type {
  Application,
  Environment,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import DialogContentText from '@material-ui/core/DialogContentText';
import { genaiEnvironmentsApiRef } from '../../api';
import { ConfirmDialog } from '../common/ConfirmDialog';
import { RevealSecretDialog } from './RevealSecretDialog';

export type ApplicationActionKind =
  | 'reveal'
  | 'rotate'
  | 'enable'
  | 'disable'
  | 'delete';

/** What the user wants to do with which application. */
export type ApplicationAction = {
  kind: ApplicationActionKind;
  application: Application;
};

const TEXTS = {
  rotate: {
    title: 'Rotate the secret of',
    label: 'Rotate secret',
    text: 'A new secret is made, which can be revealed once. The old one stays valid for 24 hours, unless your platform team chose another time, so that callers can change over without an outage.',
  },
  enable: {
    title: 'Enable',
    label: 'Enable',
    text: 'Its tokens are accepted again.',
  },
  disable: {
    title: 'Disable',
    label: 'Disable',
    text: 'Its calls are refused within seconds, also with tokens it already has. It can be enabled again.',
  },
  delete: {
    title: 'Delete',
    label: 'Delete application',
    text: 'Its calls are refused from now on, and everything it stored in the environment can no longer be reached. This cannot be undone.',
  },
};

/** Asks before each action on an application, then does it. */
export function ApplicationDialogs(props: {
  environment: Environment;
  action: ApplicationAction;
  onAction: (action: ApplicationAction | undefined) => void;
  onChange: () => Promise<void>;
}) {
  const { environment, action, onAction, onChange } = props;
  const { kind, application } = action;
  const api = useApi(genaiEnvironmentsApiRef);
  const close = () => onAction(undefined);

  if (kind === 'reveal') {
    return (
      <RevealSecretDialog
        environmentName={environment.name}
        application={application}
        onClose={close}
        onChange={onChange}
        onRotate={() => onAction({ kind: 'rotate', application })}
      />
    );
  }

  const run = {
    rotate: () => api.rotateApplication(environment.name, application.id),
    enable: () => api.enableApplication(environment.name, application.id),
    disable: () => api.disableApplication(environment.name, application.id),
    delete: () => api.deleteApplication(environment.name, application.id),
  }[kind];
  const texts = TEXTS[kind];
  return (
    <ConfirmDialog
      id="genai-application-action"
      title={`${texts.title} ${application.name}`}
      confirmLabel={texts.label}
      onClose={close}
      onConfirm={async () => {
        await run();
        await onChange();
      }}
    >
      <DialogContentText>{texts.text}</DialogContentText>
    </ConfirmDialog>
  );
}

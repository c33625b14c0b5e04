import type { Application } from '@genai-environments/backstage-plugin-genai-environments-common';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import MenuItem from '@material-ui/core/MenuItem';
import { ActionsMenu } from '../common/ActionsMenu';
import type {
  ApplicationAction,
  ApplicationActionKind,
} from './ApplicationDialogs';
import type { CredentialPermissions } from './useCredentialPermissions';

const useStyles = makeStyles(
  { root: { display: 'inline-flex', whiteSpace: 'nowrap' } },
  { name: 'GenaiEnvironmentApplicationActions' },
);

/** Buttons of one application: only those that can work are offered. */
export function ApplicationActions(props: {
  application: Application;
  permissions: CredentialPermissions;
  onAction: (action: ApplicationAction) => void;
}) {
  const { application, permissions, onAction } = props;
  const classes = useStyles();
  if (application.kind === 'project-app' && !permissions.canManage) return null;

  const choose = (kind: ApplicationActionKind) =>
    onAction({ kind, application });
  return (
    <div className={classes.root}>
      {permissions.canReveal && application.kind === 'external' && (
        <Button
          size="small"
          color="primary"
          disabled={application.secretState !== 'available'}
          aria-label={`Reveal secret of ${application.name}`}
          onClick={() => choose('reveal')}
        >
          Reveal
        </Button>
      )}
      {permissions.canManage && (
        <ActionsMenu
          id={`genai-application-menu-${application.id}`}
          of={application.name}
        >
          {close =>
            availableActions(application).map(([kind, label]) => (
              <MenuItem
                key={kind}
                onClick={() => {
                  close();
                  choose(kind);
                }}
              >
                {label}
              </MenuItem>
            ))
          }
        </ActionsMenu>
      )}
    </div>
  );
}

function availableActions(
  application: Application,
): Array<[ApplicationActionKind, string]> {
  const toggle: [ApplicationActionKind, string] = application.enabled
    ? ['disable', 'Disable']
    : ['enable', 'Enable'];
  // The project's own app lives and dies with the environment, and so does its secret.
  if (application.kind === 'project-app') return [toggle];
  return [['rotate', 'Rotate secret'], toggle, ['delete', 'Delete']];
}

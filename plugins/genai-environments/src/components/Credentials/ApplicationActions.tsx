import type { Application } from '@genai-environments/backstage-plugin-genai-environments-common';
import Button from '@material-ui/core/Button';
import IconButton from '@material-ui/core/IconButton';
import { makeStyles } from '@material-ui/core/styles';
import Menu from '@material-ui/core/Menu';
import MenuItem from '@material-ui/core/MenuItem';
import MoreVertIcon from '@material-ui/icons/MoreVert';
import { useState } from 'react';
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
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  if (application.kind === 'project-app' && !permissions.canManage) return null;

  const menuId = `genai-application-menu-${application.id}`;
  const choose = (kind: ApplicationActionKind) => {
    setAnchor(null);
    onAction({ kind, application });
  };
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
        <>
          <IconButton
            id={`${menuId}-button`}
            size="small"
            aria-label={`Actions for ${application.name}`}
            aria-controls={menuId}
            aria-haspopup="true"
            aria-expanded={Boolean(anchor)}
            onClick={event => setAnchor(event.currentTarget)}
          >
            <MoreVertIcon />
          </IconButton>
          <Menu
            id={menuId}
            MenuListProps={{ 'aria-labelledby': `${menuId}-button` }}
            anchorEl={anchor}
            open={Boolean(anchor)}
            onClose={() => setAnchor(null)}
          >
            {availableActions(application).map(([kind, label]) => (
              <MenuItem key={kind} onClick={() => choose(kind)}>
                {label}
              </MenuItem>
            ))}
          </Menu>
        </>
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

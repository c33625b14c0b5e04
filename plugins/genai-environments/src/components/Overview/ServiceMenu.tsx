import IconButton from '@material-ui/core/IconButton';
import Menu from '@material-ui/core/Menu';
import MenuItem from '@material-ui/core/MenuItem';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import MoreVertIcon from '@material-ui/icons/MoreVert';
import { useState } from 'react';
import { serviceLabel } from '../common/services';
import type { ServiceAction } from './serviceControls';

const LABELS = { restart: 'Restart', scale: 'Scale…' };

const useStyles = makeStyles(
  theme => ({
    item: {
      display: 'block',
      whiteSpace: 'normal',
      // The reason has to be readable although the entry is off.
      '&.Mui-disabled': { opacity: 1, color: theme.palette.text.disabled },
    },
    reason: { maxWidth: 240 },
  }),
  { name: 'GenaiEnvironmentServiceMenu' },
);

/** What can be done with one service; with `refusal`, why not now. */
export function ServiceMenu(props: {
  name: ServiceAction['name'];
  kinds: Array<ServiceAction['kind']>;
  refusal: string | undefined;
  onChoose: (kind: ServiceAction['kind']) => void;
}) {
  const { name, kinds, refusal, onChoose } = props;
  const classes = useStyles();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const menuId = `genai-service-menu-${name}`;
  return (
    <>
      <IconButton
        id={`${menuId}-button`}
        size="small"
        aria-label={`Actions for ${serviceLabel(name)}`}
        aria-controls={menuId}
        aria-haspopup="true"
        aria-expanded={Boolean(anchor)}
        onClick={event => setAnchor(event.currentTarget)}
      >
        <MoreVertIcon />
      </IconButton>
      <Menu
        id={menuId}
        MenuListProps={{
          'aria-labelledby': `${menuId}-button`,
          disabledItemsFocusable: true,
        }}
        anchorEl={anchor}
        open={Boolean(anchor)}
        onClose={() => setAnchor(null)}
      >
        {kinds.map(kind => (
          <MenuItem
            key={kind}
            className={classes.item}
            disabled={refusal !== undefined}
            onClick={() => {
              setAnchor(null);
              onChoose(kind);
            }}
          >
            {LABELS[kind]}
            {refusal && (
              <Typography
                className={classes.reason}
                variant="body2"
                color="textSecondary"
              >
                {refusal}
              </Typography>
            )}
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}

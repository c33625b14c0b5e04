import IconButton from '@material-ui/core/IconButton';
import Menu from '@material-ui/core/Menu';
import MoreVertIcon from '@material-ui/icons/MoreVert';
import { ReactNode, useState } from 'react';

/** A button with three dots, and the menu behind it. */
export function ActionsMenu(props: {
  /** Unique in the page. */
  id: string;
  /** Of what: a name for people. */
  of: string;
  /** Entries; `close` is called by the one that is chosen. */
  children: (close: () => void) => ReactNode;
}) {
  const { id, of, children } = props;
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const close = () => setAnchor(null);
  return (
    <>
      <IconButton
        id={`${id}-button`}
        size="small"
        aria-label={`Actions for ${of}`}
        aria-controls={id}
        aria-haspopup="true"
        aria-expanded={Boolean(anchor)}
        onClick={event => setAnchor(event.currentTarget)}
      >
        <MoreVertIcon />
      </IconButton>
      <Menu
        id={id}
        MenuListProps={{
          'aria-labelledby': `${id}-button`,
          // Their reason can be read, too.
          disabledItemsFocusable: true,
        }}
        anchorEl={anchor}
        // Below the button, so that it stays in view of what it is about.
        getContentAnchorEl={null}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
        open={Boolean(anchor)}
        onClose={close}
      >
        {children(close)}
      </Menu>
    </>
  );
}

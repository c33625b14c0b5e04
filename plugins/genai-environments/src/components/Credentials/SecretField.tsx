import IconButton from '@material-ui/core/IconButton';
import InputAdornment from '@material-ui/core/InputAdornment';
import TextField from '@material-ui/core/TextField';
import VisibilityIcon from '@material-ui/icons/Visibility';
import VisibilityOffIcon from '@material-ui/icons/VisibilityOff';
import { useState } from 'react';
import { CopyButton } from '../common/CopyButton';
import { focusOnMount } from '../common/focusOnMount';

/** A secret to take away: masked until asked for. */
export function SecretField(props: {
  secret: string;
  applicationName: string;
}) {
  const { secret, applicationName } = props;
  const [visible, setVisible] = useState(false);
  return (
    <TextField
      fullWidth
      inputRef={focusOnMount}
      variant="outlined"
      margin="dense"
      id="genai-client-secret"
      label={`Client secret of ${applicationName}`}
      type={visible ? 'text' : 'password'}
      value={secret}
      inputProps={{
        readOnly: true,
        // Password managers must neither fill nor keep it.
        autoComplete: 'off',
        'data-1p-ignore': true,
        'data-lpignore': 'true',
        spellCheck: false,
      }}
      InputProps={{
        endAdornment: (
          <InputAdornment position="end">
            <IconButton
              aria-label={visible ? 'Hide secret' : 'Show secret'}
              onClick={() => setVisible(!visible)}
            >
              {visible ? <VisibilityOffIcon /> : <VisibilityIcon />}
            </IconButton>
            <CopyButton text={secret} what="secret" />
          </InputAdornment>
        ),
      }}
    />
  );
}

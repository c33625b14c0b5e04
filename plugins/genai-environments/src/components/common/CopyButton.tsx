import { errorApiRef, useApi } from '@backstage/core-plugin-api';
import IconButton from '@material-ui/core/IconButton';
import Tooltip from '@material-ui/core/Tooltip';
import CheckIcon from '@material-ui/icons/Check';
import CopyIcon from '@material-ui/icons/FileCopyOutlined';
import { useEffect, useState } from 'react';
import useCopyToClipboard from 'react-use/esm/useCopyToClipboard';

const CONFIRMATION_MS = 1500;

/**
 * Copies a text and confirms it; small enough to stand beside every value. A long text can
 * be a function, which is asked when it is copied.
 */
export function CopyButton(props: {
  text: string | (() => string);
  what: string;
}) {
  const { text, what } = props;
  const errorApi = useApi(errorApiRef);
  const [{ error }, copy] = useCopyToClipboard();
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (error) errorApi.post(error);
  }, [error, errorApi]);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), CONFIRMATION_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  return (
    <Tooltip title={copied ? 'Copied' : ''} open={copied} placement="top">
      <IconButton
        size="small"
        aria-label={`Copy ${what}`}
        onClick={() => {
          copy(typeof text === 'string' ? text : text());
          setCopied(true);
        }}
      >
        {copied ? (
          <CheckIcon fontSize="inherit" />
        ) : (
          <CopyIcon fontSize="inherit" />
        )}
      </IconButton>
    </Tooltip>
  );
}

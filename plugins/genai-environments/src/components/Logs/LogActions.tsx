import type { LogLine } from '@genai-environments/backstage-plugin-genai-environments-common';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import IconButton from '@material-ui/core/IconButton';
import { makeStyles } from '@material-ui/core/styles';
import Switch from '@material-ui/core/Switch';
import DownloadIcon from '@material-ui/icons/GetApp';
import RefreshIcon from '@material-ui/icons/Refresh';
import { toText } from '../../logs/logText';
import { saveText } from '../../logs/saveText';
import { CardAction } from '../common/CardAction';
import { CopyButton } from '../common/CopyButton';

const useStyles = makeStyles(
  theme => ({ follow: { margin: theme.spacing(0, 1, 0, 0) } }),
  { name: 'GenaiEnvironmentLogActions' },
);

/** Follow or refresh, and take the shown lines away. */
export function LogActions(props: {
  name: string;
  lines: LogLine[];
  follow: boolean;
  onFollow: (follow: boolean) => void;
  onRefresh: () => void;
}) {
  const { name, lines, follow, onFollow, onRefresh } = props;
  const classes = useStyles();
  const text = () => lines.map(toText).join('\n');
  return (
    <CardAction>
      <FormControlLabel
        className={classes.follow}
        label="Follow"
        control={
          <Switch
            color="primary"
            checked={follow}
            onChange={(_, checked) => onFollow(checked)}
          />
        }
      />
      {!follow && (
        <IconButton size="small" aria-label="Refresh logs" onClick={onRefresh}>
          <RefreshIcon fontSize="small" />
        </IconButton>
      )}
      {lines.length > 0 && (
        <>
          <CopyButton text={text} what="shown lines" />
          <IconButton
            size="small"
            aria-label="Download shown lines"
            onClick={() => saveText(`${name}.log`, `${text()}\n`)}
          >
            <DownloadIcon fontSize="inherit" />
          </IconButton>
        </>
      )}
    </CardAction>
  );
}

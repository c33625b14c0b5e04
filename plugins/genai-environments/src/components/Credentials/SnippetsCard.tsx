import { CodeSnippet, InfoCard } from '@backstage/core-components';
import type {
  Application,
  Environment,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import MenuItem from '@material-ui/core/MenuItem';
import { makeStyles } from '@material-ui/core/styles';
import Tab from '@material-ui/core/Tab';
import Tabs from '@material-ui/core/Tabs';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { useState } from 'react';
import { CopyButton } from '../common/CopyButton';
import { CopyField } from '../common/CopyField';
import { createSnippets, Snippet } from './snippets';
import { useTextModel } from './useTextModel';

const useStyles = makeStyles(
  theme => ({
    select: { minWidth: 200, marginBottom: theme.spacing(1) },
    panel: { marginTop: theme.spacing(2) },
    code: { position: 'relative' },
    copy: {
      position: 'absolute',
      top: theme.spacing(0.5),
      right: theme.spacing(0.5),
      borderRadius: '50%',
      backgroundColor: theme.palette.background.paper,
    },
    setup: { marginBottom: theme.spacing(1) },
  }),
  { name: 'GenaiEnvironmentSnippets' },
);

/** The first call, ready to paste. */
export function SnippetsCard(props: {
  environment: Environment;
  applications: Application[];
  selected: Application | undefined;
  onSelect: (clientId: string) => void;
}) {
  const { environment, applications, selected, onSelect } = props;
  const classes = useStyles();
  const model = useTextModel(environment);
  const { endpoint, tokenUrl } = environment.status.outputs;

  if (!endpoint || !tokenUrl || !selected || !model) {
    return (
      <InfoCard title="First call">
        <Typography color="textSecondary">
          {selected
            ? 'Code for the first call appears here once the environment is Ready.'
            : 'Code for the first call appears here once there is an application.'}
        </Typography>
      </InfoCard>
    );
  }
  const snippets = createSnippets({
    endpoint,
    tokenUrl,
    clientId: selected.clientId,
    model,
  });
  return (
    <InfoCard
      title="First call"
      subheader="Set GENAI_CLIENT_SECRET to the secret that you revealed; keep it out of source code"
    >
      {applications.length > 1 && (
        <TextField
          select
          className={classes.select}
          size="small"
          variant="outlined"
          id="genai-snippet-application"
          label="Application"
          value={selected.clientId}
          onChange={event => onSelect(event.target.value)}
        >
          {applications.map(application => (
            <MenuItem key={application.id} value={application.clientId}>
              {application.name}
            </MenuItem>
          ))}
        </TextField>
      )}
      <SnippetTabs snippets={snippets} />
    </InfoCard>
  );
}

function SnippetTabs(props: { snippets: Snippet[] }) {
  const classes = useStyles();
  const [id, setId] = useState<Snippet['id']>('curl');
  const snippet = props.snippets.find(s => s.id === id) ?? props.snippets[0];
  return (
    <>
      <Tabs
        value={snippet.id}
        onChange={(_, value) => setId(value)}
        aria-label="Language"
        indicatorColor="primary"
      >
        {props.snippets.map(({ id: tabId, title }) => (
          <Tab
            key={tabId}
            id={`genai-snippet-tab-${tabId}`}
            aria-controls="genai-snippet-panel"
            value={tabId}
            label={title}
          />
        ))}
      </Tabs>
      <div
        id="genai-snippet-panel"
        role="tabpanel"
        aria-labelledby={`genai-snippet-tab-${snippet.id}`}
        className={classes.panel}
      >
        {snippet.setup && (
          <Typography className={classes.setup} variant="body2" component="div">
            Needs <CopyField value={snippet.setup} what="install command" />
          </Typography>
        )}
        <div className={classes.code}>
          <CodeSnippet text={snippet.code} language={snippet.language} />
          <span className={classes.copy}>
            <CopyButton text={snippet.code} what={`${snippet.title} code`} />
          </span>
        </div>
      </div>
    </>
  );
}

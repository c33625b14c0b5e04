import { InfoCard, Link, Progress } from '@backstage/core-components';
import Box from '@material-ui/core/Box';
import List from '@material-ui/core/List';
import ListItem from '@material-ui/core/ListItem';
import ListItemText from '@material-ui/core/ListItemText';
import Typography from '@material-ui/core/Typography';
import type { Environment } from '@genai-environments/backstage-plugin-genai-environments-common';
import { environmentPath } from './paths';
import { PhaseStatus } from './PhaseStatus';
import { useYourEnvironments } from './useYourEnvironments';

/** What the signed-in user's teams run, with its phase. */
export const YourEnvironments = () => {
  const { environments, error, loading } = useYourEnvironments();
  return (
    <InfoCard title="Your environments" noPadding>
      {loading && <Progress />}
      {!environments && error && (
        <Box p={2} role="alert">
          <Typography variant="body2" color="error">
            Your environments could not be read. {error.message}
          </Typography>
          <Typography variant="body2">
            It is tried again every few seconds.
          </Typography>
        </Box>
      )}
      {environments?.length === 0 && (
        <Box p={2}>
          <Typography variant="body2">
            You have none yet. <em>Create Environment</em> above makes the first
            one; on this machine it is running within seconds.
          </Typography>
        </Box>
      )}
      {environments && environments.length > 0 && (
        <List disablePadding aria-label="Your environments">
          {environments.map(environment => (
            <EnvironmentItem key={environment.uid} environment={environment} />
          ))}
        </List>
      )}
    </InfoCard>
  );
};

function EnvironmentItem({ environment }: { environment: Environment }) {
  const { name, owner, spec, status } = environment;
  return (
    <ListItem divider>
      <ListItemText
        primary={<Link to={environmentPath(name)}>{name}</Link>}
        secondary={`${owner.replace(/^[^/]*\//, '')} · ${spec.tier} · ${
          spec.provisioner
        }`}
      />
      <PhaseStatus phase={status.phase} />
    </ListItem>
  );
}

import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import type { Environment } from '@genai-environments/backstage-plugin-genai-environments-common';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import useAsync from 'react-use/esm/useAsync';
import { genaiEnvironmentsApiRef } from '../../api';
import { webAddress } from '../common/links';
import { serviceLabel } from '../common/services';

const useStyles = makeStyles(
  theme => ({
    list: {
      ...theme.typography.body2,
      margin: theme.spacing(0, 0, 2),
      paddingLeft: theme.spacing(3),
      overflowWrap: 'anywhere',
    },
  }),
  { name: 'GenaiEnvironmentTearDownLosses' },
);

/** What goes with an environment, and what stays. */
export function TearDownLosses(props: {
  name: string;
  environment: Environment | undefined;
}) {
  const { name, environment } = props;
  const classes = useStyles();
  const api = useApi(genaiEnvironmentsApiRef);
  const { value: applications } = useAsync(
    () => api.listApplications(name),
    [api, name],
  );
  const services = environment?.status.services ?? [];
  const appUrl = webAddress(environment?.status.outputs.appUrl);

  return (
    <>
      <ul className={classes.list} aria-label="What will be lost">
        <li>{applicationsText(applications?.items.map(a => a.name))}</li>
        <li>
          All data in it: prompt templates, documents, indexes and results
        </li>
        <li>Its usage figures and its activity</li>
        <li>
          Its running services
          {services.length > 0 &&
            `: ${services.map(s => serviceLabel(s.name)).join(', ')}`}
        </li>
        {appUrl && <li>The app at {appUrl}</li>}
      </ul>
      <Typography gutterBottom>
        <RepositoryFate environment={environment} />
      </Typography>
    </>
  );
}

function applicationsText(names: string[] | undefined): string {
  if (!names || names.length === 0) return 'Its applications and their secrets';
  const count =
    names.length === 1 ? '1 application' : `${names.length} applications`;
  return `${count} with their secrets (${names.join(
    ', ',
  )}): their calls fail at once`;
}

function RepositoryFate(props: { environment: Environment | undefined }) {
  const { environment } = props;
  const repository = webAddress(environment?.spec.app?.repository);
  if (repository) {
    return (
      <>
        The source repository <Link to={repository}>{repository}</Link> stays.
      </>
    );
  }
  if (environment?.status.outputs.repositoryUrl) {
    return <>Its local source repository stays if you committed to it.</>;
  }
  return <>Source code that you keep elsewhere stays.</>;
}

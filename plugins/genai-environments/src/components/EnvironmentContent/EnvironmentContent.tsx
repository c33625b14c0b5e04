import { Link, Progress } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import Tab from '@material-ui/core/Tab';
import Tabs from '@material-ui/core/Tabs';
import { lazy, Suspense } from 'react';
import { useLocation, useParams } from 'react-router-dom';
import { useEnvironment } from '../../environment/useEnvironment';
import { EnvironmentGone } from '../common/EnvironmentGone';
import { ErrorNotice } from '../common/ErrorNotice';
import { StaleNotice } from '../common/StaleNotice';
import { useLeaveWhenDeleted } from '../TearDown/useLeaveWhenDeleted';

const OverviewTab = lazy(() =>
  import('../Overview/OverviewTab').then(m => ({ default: m.OverviewTab })),
);
const CredentialsTab = lazy(() =>
  import('../Credentials/CredentialsTab').then(m => ({
    default: m.CredentialsTab,
  })),
);
const ActivityTab = lazy(() =>
  import('../Activity/ActivityTab').then(m => ({ default: m.ActivityTab })),
);
const LogsTab = lazy(() =>
  import('../Logs/LogsTab').then(m => ({ default: m.LogsTab })),
);

const TABS = [
  { path: '', label: 'Overview', Content: OverviewTab },
  { path: 'credentials', label: 'Credentials', Content: CredentialsTab },
  { path: 'activity', label: 'Activity', Content: ActivityTab },
  { path: 'logs', label: 'Logs', Content: LogsTab },
];

const useStyles = makeStyles(
  theme => ({ panel: { marginTop: theme.spacing(3) } }),
  { name: 'GenaiEnvironmentContent' },
);

/**
 * One environment in full. Each sub-tab has its own address below the address where this
 * is mounted (which must end in `/*`), so that it can be linked to.
 */
export function EnvironmentContent(props: { name: string }) {
  const { name } = props;
  const classes = useStyles();
  const { status, environment, events, error, connection, retry } =
    useEnvironment(name);
  useLeaveWhenDeleted(name);

  const { pathname } = useLocation();
  const rest = useParams()['*'] ?? '';
  const base = pathname
    .slice(0, pathname.length - rest.length)
    .replace(/\/+$/, '');
  const selected = TABS.find(tab => tab.path === rest.split('/')[0]) ?? TABS[0];

  if (status === 'missing' || status === 'deleted') {
    return <EnvironmentGone name={name} deleted={status === 'deleted'} />;
  }
  if (status === 'error') {
    return (
      <ErrorNotice
        title="The environment could not be read"
        error={error}
        onRetry={retry}
      />
    );
  }
  if (!environment) return <Progress />;

  const { Content } = selected;
  return (
    <>
      {connection === 'reconnecting' && <StaleNotice />}
      <Tabs
        value={selected.path}
        aria-label={`Environment ${name}`}
        variant="scrollable"
        scrollButtons="auto"
        indicatorColor="primary"
      >
        {TABS.map(tab => (
          <Tab
            key={tab.path}
            id={`genai-environment-tab-${tab.label}`}
            aria-controls="genai-environment-tabpanel"
            value={tab.path}
            label={tab.label}
            component={Link}
            to={tab.path ? `${base}/${tab.path}` : base}
          />
        ))}
      </Tabs>
      <div
        id="genai-environment-tabpanel"
        role="tabpanel"
        aria-labelledby={`genai-environment-tab-${selected.label}`}
        className={classes.panel}
      >
        <Suspense fallback={<Progress />}>
          <Content environment={environment} events={events} />
        </Suspense>
      </div>
    </>
  );
}

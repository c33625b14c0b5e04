import { InfoCard } from '@backstage/core-components';
import type {
  Application,
  Environment,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import AddIcon from '@material-ui/icons/Add';
import Alert from '@material-ui/lab/Alert';
import { useState } from 'react';
import { CardAction } from '../common/CardAction';
import { EmptyNote } from '../common/EmptyNote';
import { ErrorNotice } from '../common/ErrorNotice';
import { LoadingLines } from '../common/LoadingLines';
import { useFocusWhenLost } from '../common/useFocusWhenLost';
import { AddApplicationDialog } from './AddApplicationDialog';
import { ApplicationAction, ApplicationDialogs } from './ApplicationDialogs';
import { ApplicationsTable } from './ApplicationsTable';
import { useCredentialPermissions } from './useCredentialPermissions';

const useStyles = makeStyles(
  { body: { outline: 'none' } },
  { name: 'GenaiEnvironmentApplications' },
);

/** Who may call an environment, and what can be done about it. */
export function ApplicationsCard(props: {
  environment: Environment;
  applications: Application[] | undefined;
  error: Error | undefined;
  onChange: () => Promise<void>;
}) {
  const { environment, applications, error, onChange } = props;
  const classes = useStyles();
  const permissions = useCredentialPermissions(environment.name);
  const [adding, setAdding] = useState(false);
  const [action, setAction] = useState<ApplicationAction>();
  const body = useFocusWhenLost<HTMLDivElement>(adding || Boolean(action));

  return (
    <InfoCard
      title="Applications"
      subheader="Each caller has its own client id and secret"
      headerProps={{
        action: permissions.canManage && (
          <CardAction>
            <Button
              variant="outlined"
              color="primary"
              startIcon={<AddIcon />}
              onClick={() => setAdding(true)}
            >
              Add application
            </Button>
          </CardAction>
        ),
      }}
    >
      <div
        ref={body}
        tabIndex={-1}
        role="group"
        aria-label="Applications"
        className={classes.body}
      >
        {!permissions.loading && !permissions.canReveal && (
          <Alert severity="info">
            Only members of {environment.owner} can see secrets
            {permissions.canManage ? '.' : ' and change applications.'}
          </Alert>
        )}
        {error && (
          <ErrorNotice
            title="The applications could not be read"
            error={error}
            onRetry={onChange}
          />
        )}
        {!error && !applications && (
          <LoadingLines label="Loading applications" />
        )}
        {applications?.length === 0 && (
          <EmptyNote
            title="No applications"
            description="Nobody can call this environment yet."
          />
        )}
        {applications && applications.length > 0 && (
          <ApplicationsTable
            applications={applications}
            permissions={permissions}
            onAction={setAction}
          />
        )}
        {applications?.some(a => a.secretState === 'available') &&
          permissions.canReveal && (
            <Typography variant="body2" color="textSecondary">
              Each secret can be revealed once per rotation.
            </Typography>
          )}
      </div>
      {adding && (
        <AddApplicationDialog
          environment={environment}
          onClose={() => setAdding(false)}
          onChange={onChange}
        />
      )}
      {action && (
        <ApplicationDialogs
          environment={environment}
          action={action}
          onAction={setAction}
          onChange={onChange}
        />
      )}
    </InfoCard>
  );
}

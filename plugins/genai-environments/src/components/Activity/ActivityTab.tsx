import { InfoCard } from '@backstage/core-components';
import type { EnvironmentEvent } from '@genai-environments/backstage-plugin-genai-environments-common';
import Button from '@material-ui/core/Button';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import { makeStyles } from '@material-ui/core/styles';
import Switch from '@material-ui/core/Switch';
import Typography from '@material-ui/core/Typography';
import CheckCircleOutlineIcon from '@material-ui/icons/CheckCircleOutline';
import WarningIcon from '@material-ui/icons/ReportProblemOutlined';
import { useState } from 'react';
import { CardAction } from '../common/CardAction';
import { EmptyNote } from '../common/EmptyNote';
import { OwnerLink } from '../common/OwnerLink';
import { RelativeTime } from '../common/RelativeTime';
import type { EnvironmentTabProps } from '../EnvironmentContent/tabProps';

const PAGE_SIZE = 100;

const useStyles = makeStyles(
  theme => ({
    list: { listStyle: 'none', margin: 0, padding: 0 },
    event: {
      display: 'grid',
      gridTemplateColumns: '24px minmax(0, 1fr)',
      columnGap: theme.spacing(1.5),
      padding: theme.spacing(1.25, 0),
      overflowWrap: 'anywhere',
      '& + &': { borderTop: `1px solid ${theme.palette.divider}` },
    },
    normal: { color: theme.palette.text.secondary },
    warning: { color: theme.palette.warning.main },
    switch: { marginRight: 0 },
    more: { marginTop: theme.spacing(2) },
  }),
  { name: 'GenaiEnvironmentActivity' },
);

/** What happened to an environment, newest first, live. */
export function ActivityTab(props: EnvironmentTabProps) {
  const classes = useStyles();
  const [warningsOnly, setWarningsOnly] = useState(false);
  const [shown, setShown] = useState(PAGE_SIZE);

  const events = props.events
    .filter(event => !warningsOnly || event.type === 'Warning')
    .reverse();
  return (
    <InfoCard
      title="Activity"
      headerProps={{
        action: (
          <CardAction>
            <FormControlLabel
              className={classes.switch}
              label="Warnings only"
              control={
                <Switch
                  color="primary"
                  checked={warningsOnly}
                  onChange={(_, checked) => setWarningsOnly(checked)}
                />
              }
            />
          </CardAction>
        ),
      }}
    >
      {events.length === 0 ? (
        <EmptyNote
          title={warningsOnly ? 'No warnings' : 'Nothing happened yet'}
          description={
            warningsOnly
              ? 'Everything that happened to this environment went well.'
              : 'Events appear here as they happen.'
          }
        />
      ) : (
        <ol className={classes.list} aria-label="Events, newest first">
          {events.slice(0, shown).map(event => (
            <EventItem key={event.sequence} event={event} />
          ))}
        </ol>
      )}
      {events.length > shown && (
        <Button
          className={classes.more}
          variant="outlined"
          onClick={() => setShown(shown + PAGE_SIZE)}
        >
          Show older events
        </Button>
      )}
    </InfoCard>
  );
}

function EventItem(props: { event: EnvironmentEvent }) {
  const { event } = props;
  const classes = useStyles();
  return (
    <li className={classes.event}>
      {event.type === 'Warning' ? (
        <WarningIcon className={classes.warning} titleAccess="Warning" />
      ) : (
        <CheckCircleOutlineIcon className={classes.normal} aria-hidden />
      )}
      <div>
        <Typography variant="body1">{event.message}</Typography>
        <Typography variant="body2" color="textSecondary" component="div">
          <RelativeTime at={event.at} />
          {' · '}
          {event.phase}
          {' · '}
          {event.actor ? <OwnerLink entityRef={event.actor} /> : 'automatic'}
        </Typography>
      </div>
    </li>
  );
}

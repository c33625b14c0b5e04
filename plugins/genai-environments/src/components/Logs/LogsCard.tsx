import { InfoCard } from '@backstage/core-components';
import type {
  Environment,
  ServiceName,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { makeStyles } from '@material-ui/core/styles';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { filterLines, NO_FILTER } from '../../logs/logFilter';
import { useLogs } from '../../logs/useLogs';
import { ErrorNotice } from '../common/ErrorNotice';
import { LoadingLines } from '../common/LoadingLines';
import { LogActions } from './LogActions';
import { LogFilterBar } from './LogFilterBar';
import { LogList } from './LogList';
import { NoLines } from './NoLines';

const useStyles = makeStyles(
  theme => ({ error: { marginBottom: theme.spacing(2) } }),
  { name: 'GenaiEnvironmentLogsCard' },
);

/** The log of an environment: chosen, filtered, followed. */
export function LogsCard(props: { environment: Environment }) {
  const { environment } = props;
  const classes = useStyles();
  const findRef = useRef<HTMLInputElement>(null);
  const [service, setService] = useState<ServiceName>();
  const [filter, setFilter] = useState(NO_FILTER);
  const [follow, setFollow] = useState(true);
  const [wrap, setWrap] = useState(true);
  const { lines, error, read, retry } = useLogs({
    name: environment.name,
    service,
    follow,
  });
  // Typing stays quick while thousands of lines are filtered.
  const applied = useDeferredValue(filter);
  const shown = useMemo(
    () => lines && filterLines(lines, applied),
    [lines, applied],
  );
  return (
    <InfoCard
      title="Logs"
      headerProps={{
        action: (
          <LogActions
            name={environment.name}
            lines={shown ?? []}
            follow={follow}
            onFollow={setFollow}
            onRefresh={read}
          />
        ),
      }}
    >
      <LogFilterBar
        services={environment.spec.services}
        service={service}
        onService={setService}
        filter={filter}
        onFilter={setFilter}
        findRef={findRef}
        wrap={wrap}
        onWrap={setWrap}
        shown={shown?.length}
        total={lines?.length}
      />
      {error && (
        <div className={classes.error}>
          <ErrorNotice
            title={
              lines
                ? 'New lines could not be read'
                : 'The logs could not be read'
            }
            error={error}
            onRetry={retry}
          />
        </div>
      )}
      {!lines && !error && <LoadingLines label="Loading logs" />}
      {shown?.length === 0 && (
        <NoLines
          filtered={lines?.length !== 0}
          onClear={() => {
            setFilter(NO_FILTER);
            // The button that did it goes.
            findRef.current?.focus();
          }}
        />
      )}
      {shown && shown.length > 0 && (
        <LogList
          // Another service's lines start at their own end.
          key={service ?? 'all'}
          lines={shown}
          wrap={wrap}
          showService={!service}
        />
      )}
    </InfoCard>
  );
}

import { Content, EmptyState } from '@backstage/core-components';
import type { Environment } from '@genai-environments/backstage-plugin-genai-environments-common';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { useMemo, useRef } from 'react';
import { ErrorNotice } from '../common/ErrorNotice';
import { CreateEnvironmentButton } from './CreateEnvironmentButton';
import { FleetFilterBar } from './FleetFilterBar';
import { FleetTable } from './FleetTable';
import { useFleet } from './useFleet';
import { FleetFilters, useFleetFilters } from './useFleetFilters';

const useStyles = makeStyles(
  theme => ({
    intro: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      justifyContent: 'space-between',
      gap: theme.spacing(2),
      marginBottom: theme.spacing(3),
    },
    footer: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(2),
      marginTop: theme.spacing(2),
    },
  }),
  { name: 'GenaiEnvironmentFleet' },
);

const SUMMARY =
  'Running GenAI services that a project owns, with their endpoint, data and applications.';

/** All environments one may see, below whatever header the frontend system gives. */
export function FleetContent() {
  const classes = useStyles();
  const filters = useFleetFilters();
  const { items, cursors, error, loadingMore, retry, loadMore } = useFleet(
    filters.query,
  );
  const findRef = useRef<HTMLInputElement>(null);
  const clearFilters = () => {
    filters.clear();
    // The button that did it goes.
    findRef.current?.focus();
  };
  const shown = useMemo(
    () => items?.filter(item => matches(item, filters.text)),
    [items, filters.text],
  );
  // All that were ever seen: choosing one must not take the others away.
  const seenOwners = useRef(new Set<string>());
  const owners = useMemo(() => {
    items?.forEach(item => seenOwners.current.add(item.owner));
    return [...seenOwners.current].sort();
  }, [items]);

  const hasMore = cursors.length > 0;
  const isEmpty = items?.length === 0 && !hasMore && !filters.isFiltered;
  return (
    <Content>
      <div className={classes.intro}>
        <Typography color="textSecondary">{SUMMARY}</Typography>
        {!isEmpty && <CreateEnvironmentButton />}
      </div>
      <FleetFilterBar filters={filters} owners={owners} findRef={findRef} />
      {error && (
        <ErrorNotice
          title="The environments could not be read"
          error={error}
          onRetry={items ? loadMore : retry}
        />
      )}
      {shown?.length === 0 && !hasMore ? (
        <NoEnvironments filters={filters} onClear={clearFilters} />
      ) : (
        (!error || items) && <FleetTable environments={shown} />
      )}
      {items && items.length > 0 && (
        <div className={classes.footer}>
          <Typography variant="body2" color="textSecondary" role="status">
            {countText({ items, shown: shown ?? [], hasMore })}
          </Typography>
          {hasMore && (
            <Button
              variant="outlined"
              onClick={loadMore}
              disabled={loadingMore}
            >
              Load more
            </Button>
          )}
        </div>
      )}
    </Content>
  );
}

function NoEnvironments(props: { filters: FleetFilters; onClear: () => void }) {
  const { filters, onClear } = props;
  if (filters.isFiltered) {
    return (
      <EmptyState
        missing="data"
        title="No environment matches"
        description="Try other filters."
        action={
          <Button variant="outlined" onClick={onClear}>
            Clear filters
          </Button>
        }
      />
    );
  }
  return (
    <EmptyState
      missing="content"
      title={
        filters.scope === 'mine'
          ? 'You own no environment yet'
          : 'There is no environment yet'
      }
      description="Create one: in a moment your project owns a running, secured GenAI environment, and one button takes it away again."
      action={<CreateEnvironmentButton />}
    />
  );
}

function matches(environment: Environment, text: string): boolean {
  const needle = text.trim().toLocaleLowerCase('en-US');
  const { name, owner, spec } = environment;
  return [name, owner, spec.description ?? '', ...spec.models].some(value =>
    value.toLocaleLowerCase('en-US').includes(needle),
  );
}

function countText(options: {
  items: Environment[];
  shown: Environment[];
  hasMore: boolean;
}): string {
  const { items, shown, hasMore } = options;
  const loaded = hasMore
    ? `the first ${items.length} environments; there are more`
    : `${items.length} ${items.length === 1 ? 'environment' : 'environments'}`;
  return shown.length === items.length
    ? `Showing ${loaded}`
    : `${shown.length} of ${loaded}`;
}

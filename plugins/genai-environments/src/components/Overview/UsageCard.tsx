import { InfoCard } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import IconButton from '@material-ui/core/IconButton';
import MenuItem from '@material-ui/core/MenuItem';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import RefreshIcon from '@material-ui/icons/Refresh';
import Skeleton from '@material-ui/lab/Skeleton';
import { DateTime } from 'luxon';
import { useState } from 'react';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { genaiEnvironmentsApiRef } from '../../api';
import { CardAction } from '../common/CardAction';
import { ErrorNotice } from '../common/ErrorNotice';
import { UsageTable } from './UsageTable';
import { usageByModel } from './usageTotals';

const RANGES_DAYS = [1, 7, 30, 90];

/** What an environment's applications used, by model. */
export function UsageCard(props: { name: string }) {
  const { name } = props;
  const api = useApi(genaiEnvironmentsApiRef);
  const [days, setDays] = useState(30);
  const { value, error, loading, retry } = useAsyncRetry(async () => {
    const today = DateTime.utc();
    const { items } = await api.getUsage(name, {
      from: today.minus({ days: days - 1 }).toISODate(),
      to: today.toISODate(),
    });
    return usageByModel(items);
  }, [api, name, days]);

  return (
    <InfoCard
      title="Usage"
      headerProps={{
        action: (
          <CardAction>
            <TextField
              select
              size="small"
              variant="outlined"
              label="Range"
              id="genai-usage-range"
              value={days}
              onChange={event => setDays(Number(event.target.value))}
            >
              {RANGES_DAYS.map(range => (
                <MenuItem key={range} value={range}>
                  {range === 1 ? 'Today' : `Last ${range} days`}
                </MenuItem>
              ))}
            </TextField>
            <IconButton aria-label="Refresh usage" onClick={retry}>
              <RefreshIcon />
            </IconButton>
          </CardAction>
        ),
      }}
    >
      {error && !loading && (
        <ErrorNotice
          title="Usage could not be read"
          error={error}
          onRetry={retry}
        />
      )}
      {loading && !value && <Skeleton height={80} />}
      {!error && value?.length === 0 && (
        <Typography color="textSecondary">
          No calls yet. The Credentials tab shows how to make the first one.
        </Typography>
      )}
      {!error && value && value.length > 0 && <UsageTable usages={value} />}
    </InfoCard>
  );
}

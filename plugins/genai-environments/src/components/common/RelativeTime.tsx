import Tooltip from '@material-ui/core/Tooltip';
import { DateTime } from 'luxon';
import { useEffect, useReducer } from 'react';

const MINUTE_MS = 60_000;

/** A moment as people say it (`in 6 days`), with the exact time on hover and focus. */
export function RelativeTime(props: { at: string }) {
  const [, tick] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(tick, MINUTE_MS);
    return () => clearInterval(timer);
  }, []);

  const moment = DateTime.fromISO(props.at);
  if (!moment.isValid) return <>unknown</>;
  const exact = moment.toLocaleString(DateTime.DATETIME_MED_WITH_WEEKDAY);
  return (
    <Tooltip title={exact} aria-label={undefined}>
      <time dateTime={props.at}>{relativeText(moment)}</time>
    </Tooltip>
  );
}

function relativeText(moment: DateTime): string {
  const secondsAway = Math.abs(moment.diffNow('seconds').seconds);
  if (secondsAway < 5) return 'just now';
  return moment.toRelative({ locale: 'en', rounding: 'round' }) ?? 'unknown';
}

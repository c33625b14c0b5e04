/* eslint-disable no-console */
import { measureCreates } from './measureCreates';
import { measureRest } from './measureRest';

/** `npm run bench:aws`: prints how many calls of AWS environments cost, in virtual time. */
async function print() {
  const rest = await measureRest({ environments: 1000, minutes: 60 });
  console.log('\nEnvironments at rest, one hour of virtual time');
  console.table({
    environments: rest.environments,
    'looks at them': rest.reconciles,
    'AWS calls a minute (mean)': Number(rest.meanCallsAMinute.toFixed(1)),
    'AWS calls in the busiest minute': rest.mostCallsAMinute,
    'AWS calls in the minute after a start': rest.callsInFirstMinute,
    'allowed a minute': 20,
  });

  const creates = await measureCreates(50);
  const { first, median, last } = creates.secondsToReady;
  console.log('\nEnvironments created at once');
  console.table({
    environments: creates.environments,
    'AWS calls': creates.calls,
    'seconds to Ready (first, median, last)': [first, median, last]
      .map(Math.round)
      .join(', '),
  });
  console.log('Calls a second, mean of the busiest ten seconds');
  console.table(
    creates.peaks.map(({ api, perSecond, allowed }) => ({
      api,
      perSecond,
      'default of AWS': allowed ?? 'not published',
    })),
  );
}

print().catch(error => {
  console.error(error);
  process.exitCode = 1;
});

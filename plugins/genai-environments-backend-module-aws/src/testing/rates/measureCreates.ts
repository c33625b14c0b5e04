import {
  newApplication,
  newEnvironment,
  ProvisionerDriver,
} from '@genai-environments/backstage-plugin-genai-environments-node/testUtils';
import { setTimeout as delay } from 'node:timers/promises';
import { AwsWorld } from '../world/AwsWorld';
import { type PeakRate, peakRates } from './calls';

export type CreatesReport = {
  environments: number;
  calls: number;
  /** Calls that AWS would have throttled; the fake throttles nothing. */
  peaks: PeakRate[];
  /** Virtual seconds from the wish to Ready. */
  secondsToReady: { first: number; median: number; last: number };
};

/** Creates environments at once and lets virtual time pass while all wait. Test code. */
export async function measureCreates(count: number): Promise<CreatesReport> {
  const world = await AwsWorld.create();
  const { clock } = world.aws;
  let left = count;
  let stirs = 0;
  const sleep = async (ms: number) => {
    stirs++;
    await clock.sleep(ms);
    stirs++;
  };
  const provisioner = world.createRawProvisioner({
    now: clock.now,
    sleep,
    random: () => 0.5,
  });
  const startedAt = clock.now();
  const readyAfter: number[] = [];
  const create = async () => {
    const driver = new ProvisionerDriver({
      desired: newEnvironment(world.spec, [newApplication('default')]),
      provisioner: () => provisioner,
    });
    for (;;) {
      const { phase, requeueAfterMs } = await driver.step();
      if (phase === 'Ready') break;
      await sleep(requeueAfterMs);
    }
    readyAfter.push((clock.now() - startedAt) / 1000);
    left--;
  };
  const all = Promise.all(Array.from({ length: count }, create));
  const countStirs = () => stirs + world.aws.calls.length;
  while (left > 0) {
    await untilQuiet(countStirs);
    clock.advanceToNext();
  }
  await all;
  const { calls } = world.aws;
  readyAfter.sort((a, b) => a - b);
  await provisioner.shutdown();
  await world.dispose();
  return {
    environments: count,
    calls: calls.length,
    peaks: peakRates(calls),
    secondsToReady: {
      first: readyAfter[0],
      median: readyAfter[Math.floor(count / 2)],
      last: readyAfter[count - 1],
    },
  };
}

/** Calls take real time: virtual time stands still until nothing stirs any more. */
async function untilQuiet(read: () => number): Promise<void> {
  for (let quiet = 0, last = read(); quiet < 3; quiet++) {
    await delay(1);
    const now = read();
    if (now !== last) quiet = -1;
    last = now;
  }
}

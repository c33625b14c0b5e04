import { startLoadGenerator } from './load.mjs';
import { cpuSeconds } from './process.mjs';
import { median } from './statistics.mjs';

const CONNECTIONS = 32;
/**
 * Before it is measured each cell answers so many requests, which is what it takes until
 * V8 has compiled what is hot: on a busy machine that takes longer.
 */
const WARM_UP = { requests: 10_000, stepSeconds: 3, mostSteps: 6 };

/**
 * Measures cells `{ operation, server, pid, request, rounds: [] }` against each other:
 * each round has all of them, interleaved and from another start, so that what else this
 * machine does at the time meets every server alike. `check` looks at one answer of each
 * before.
 */
export async function measureCells(cells, { rounds, seconds, check }) {
  const generator = await startLoadGenerator();
  try {
    for (const cell of cells) {
      await check(cell);
      await warmUp(cell, generator);
    }
    for (let round = 0; round < rounds; round += 1) {
      const shift = round % cells.length;
      for (const cell of [...cells.slice(shift), ...cells.slice(0, shift)]) {
        cell.rounds.push(await measure(cell, { generator, seconds }));
      }
    }
  } finally {
    await generator.stop();
  }
}

async function warmUp(cell, generator) {
  let answered = 0;
  for (let step = 0; step < WARM_UP.mostSteps; step += 1) {
    const { requests } = await generator.run({
      ...cell,
      connections: CONNECTIONS,
      seconds: WARM_UP.stepSeconds,
    });
    answered += requests;
    if (answered >= WARM_UP.requests) return;
  }
}

async function measure(cell, { generator, seconds }) {
  const before = cpuSeconds(cell.pid);
  const result = await generator.run({
    ...cell,
    connections: CONNECTIONS,
    seconds,
  });
  const cpu = cpuSeconds(cell.pid) - before;
  if (result.refused > 0 || result.errors > 0) {
    throw new Error(
      `${cell.server} failed ${result.refused + result.errors} requests of "${
        cell.operation
      }".`,
    );
  }
  return {
    ...result,
    requestsPerSecond: result.requests / result.seconds,
    cpuMicrosecondsPerRequest: (cpu / result.requests) * 1e6,
    coreInUse: cpu / result.seconds,
  };
}

/** What the runtime booked must be what it was asked. */
export async function assertUsageWasBooked(runtime, cells) {
  const day = offset =>
    new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  const { items } = await runtime.control(
    'GET',
    `/usage?from=${day(-1)}&to=${day(1)}`,
  );
  const booked = items.reduce((sum, item) => sum + item.invocations, 0);
  const measured = cells
    .filter(cell => cell.server === 'runtime')
    .flatMap(cell => cell.rounds)
    .reduce((sum, { requests }) => sum + requests, 0);
  if (booked < measured) {
    throw new Error(`${measured} requests were made and ${booked} booked.`);
  }
}

/** One row of a report for each cell: medians over its rounds. */
export function toRows(cells) {
  const of = (cell, field) => median(cell.rounds.map(round => round[field]));
  return cells.map(cell => ({
    operation: cell.operation,
    server: cell.server,
    'req/s': Math.round(of(cell, 'requestsPerSecond')),
    'CPU µs/req': Math.round(of(cell, 'cpuMicrosecondsPerRequest')),
    'p50 ms': of(cell, 'p50Ms'),
    'p99 ms': of(cell, 'p99Ms'),
    'core in use': `${Math.round(100 * of(cell, 'coreInUse'))} %`,
  }));
}

/** Median of the ratios of rounds that ran next to each other. */
export function ratioOf(cell, peer, field) {
  return median(
    cell.rounds.map((round, index) => round[field] / peer.rounds[index][field]),
  );
}

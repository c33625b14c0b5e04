import { Turns } from './Turns';

const MINUTE_MS = 60_000;
const ASKS_EVERY_MS = 120_000;

/** Numbers that are the same in each run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** Environments that ask as the backend lets them: every two minutes, or when told to. */
function simulate(options: {
  count: number;
  minutes: number;
  seed: number;
  /** How late the backend may be. */
  jitterMs: number;
}) {
  const { count, minutes, seed, jitterMs } = options;
  const random = randomOf(seed);
  let now = 1_700_000_000_000;
  const turns = new Turns({ now: () => now, random });
  const startedAt = now;
  /** Who asks in which second. */
  const agenda = new Map<number, string[]>();
  const askAt = (at: number, id: string) => {
    const second = Math.ceil(at / 1000);
    agenda.set(second, [...(agenda.get(second) ?? []), id]);
  };
  const looks = new Map<string, number[]>();
  for (let index = 0; index < count; index++) {
    looks.set(`env-${index}`, []);
    askAt(now + random() * ASKS_EVERY_MS, `env-${index}`);
  }
  for (; now < startedAt + minutes * MINUTE_MS; now += 1000) {
    for (const id of agenda.get(now / 1000) ?? []) {
      const waitMs = turns.ask(id);
      if (waitMs === 0) looks.get(id)!.push(now);
      const nextMs = Math.min(ASKS_EVERY_MS, waitMs || ASKS_EVERY_MS);
      askAt(now + nextMs + 1 + random() * jitterMs, id);
    }
    agenda.delete(now / 1000);
  }
  return { startedAt, looks: [...looks.values()] };
}

describe('turns', () => {
  it.each([
    { count: 1000, seed: 1, jitterMs: 0, rounds: 1 },
    { count: 1000, seed: 2, jitterMs: 5000, rounds: 1 },
    { count: 150, seed: 3, jitterMs: 0, rounds: 5 },
    { count: 37, seed: 4, jitterMs: 60_000, rounds: 20 },
    { count: 2, seed: 5, jitterMs: 0, rounds: 50 },
  ])(
    'come to each of $count environments in as many minutes (seed $seed)',
    ({ rounds, ...options }) => {
      // Those whose turn it is may ask two minutes later.
      const minutes = Math.ceil(rounds * options.count * 1.02 + 5);
      const { looks } = simulate({ ...options, minutes });
      const counts = looks.map(({ length }) => length);
      expect(Math.min(...counts)).toBeGreaterThanOrEqual(rounds);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    },
  );

  it('are one a minute, and never more than two', () => {
    const { looks, startedAt } = simulate({
      ...{ count: 300, minutes: 600, seed: 7, jitterMs: 3000 },
    });
    const times = looks.flat().sort((a, b) => a - b);
    expect(times.length).toBeGreaterThan(590);
    expect(times.length).toBeLessThanOrEqual(601);
    for (const [index, at] of times.entries()) {
      const within = times.slice(index).filter(each => each - at < MINUTE_MS);
      expect(within.length).toBeLessThanOrEqual(2);
    }
    expect(times[0] - startedAt).toBeLessThan(2 * MINUTE_MS);
  });

  it('are not held up by those who ask no more', () => {
    let now = 0;
    const turns = new Turns({ now: () => now, random: () => 0.5 });
    for (let index = 0; index < 50; index++) turns.ask(`gone-${index}`);
    now += 7 * MINUTE_MS;
    expect(turns.ask('here')).toBe(0);
  });

  it('count what was looked into for another reason', () => {
    let now = 0;
    const turns = new Turns({ now: () => now });
    turns.note('a');
    now += 1000;
    turns.note('b');
    now += 1000;
    expect(turns.ask('b')).toBe(Infinity);
    expect(turns.ask('a')).toBe(0);
    now += MINUTE_MS;
    expect(turns.ask('a')).toBe(Infinity);
    turns.forget('b');
    expect(turns.ask('a')).toBe(0);
  });

  it('forget who asked longest ago before they fill the memory', () => {
    const turns = new Turns({ now: () => 0 });
    for (let index = 0; index < 20_000; index++) turns.note(`env-${index}`);
    expect(turns.size).toBe(5000);
  });
});

import fc from 'fast-check';
import type { LimitLedger } from '../../ports/LimitLedger';
import { LimitedProcess, startLimits } from '../../testing/limits';

const STREAMS = 64;
const now = Date.parse('2026-01-31T12:00:00Z');

/** What a caller asks for, what it really takes of it, and how long its call runs. */
const callArbitrary = fc.record({
  inputTokens: fc.integer({ min: 0, max: 50 }),
  maxOutputTokens: fc.integer({ min: 0, max: 200 }),
  usedShare: fc.double({ min: 0, max: 1, noNaN: true }),
  turns: fc.integer({ min: 0, max: 5 }),
  release: fc.boolean(),
});

const scenario = fc.record({
  cap: fc.integer({ min: 0, max: 8000 }),
  processes: fc.integer({ min: 1, max: 3 }),
  asynchronous: fc.boolean(),
  streams: fc.array(fc.array(callArbitrary, { minLength: 1, maxLength: 4 }), {
    minLength: STREAMS,
    maxLength: STREAMS,
  }),
});

const turn = () => new Promise<void>(resolve => setImmediate(resolve));

/** The same ledger as one beyond a network: it answers later. */
function delayed(ledger: LimitLedger): LimitLedger {
  return {
    async draw(draws) {
      await turn();
      return ledger.draw(draws);
    },
    async giveBack(returns) {
      await turn();
      ledger.giveBack(returns);
    },
    readUsed: async meters => ledger.readUsed(meters),
  };
}

describe('64 concurrent streams against a budget', () => {
  it('never spend more than the cap, and what is booked is exact', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ cap, streams, ...how }) => {
        const limits = startLimits({ clock: { now: () => now } });
        const processes: LimitedProcess[] = Array.from(
          { length: how.processes },
          () => limits.start(how.asynchronous ? delayed : undefined),
        );
        try {
          await processes[0].overview.setLimits({ tokensPerDay: cap });
          for (const { settings } of processes.slice(1)) {
            await settings.put('environment', { tokensPerDay: cap });
          }
          const codes = new Set<string>();
          const outcome = { spent: 0, held: 0, most: 0, wronglyRefused: 0 };

          const stream = async (
            calls: (typeof streams)[number],
            nr: number,
          ) => {
            const { gate } = processes[nr % processes.length];
            for (const { usedShare, turns, release, ...call } of calls) {
              const most = call.inputTokens + call.maxOutputTokens;
              const fits = outcome.spent + outcome.held + most <= cap;
              let reservation;
              try {
                const answer = gate.reserve({
                  clientId: `app-${nr % 5}`,
                  model: 'm',
                  ...call,
                });
                // Not awaited when it is there: what is held counts from now on.
                reservation = answer instanceof Promise ? await answer : answer;
              } catch (error) {
                codes.add((error as { code: string }).code);
                if (fits) outcome.wronglyRefused += 1;
                await turn();
                continue;
              }
              outcome.held += most;
              const committed = outcome.spent + outcome.held;
              outcome.most = Math.max(outcome.most, committed);
              for (let n = 0; n < turns; n++) await turn();
              const used = release ? 0 : Math.floor(most * usedShare);
              outcome.held -= most;
              outcome.spent += used;
              if (release) reservation.release();
              else reservation.settle({ inputTokens: used, outputTokens: 0 });
            }
          };
          await Promise.all(streams.map(stream));

          expect(outcome.most).toBeLessThanOrEqual(cap);
          codes.delete('token_budget');
          expect([...codes]).toEqual([]);
          for (const { gate } of processes) await gate.flush();
          const [state] = await processes[0].overview.getState();
          expect(state.used).toBe(outcome.spent);
          // Leases of other processes may make a refusal a little early, never of one's own.
          const isAlone = how.processes === 1 && !how.asynchronous;
          expect(isAlone ? outcome.wronglyRefused : 0).toBe(0);
        } finally {
          await limits.tearDown();
        }
      }),
      { numRuns: 40, endOnFailure: true },
    );
  }, 60_000);
});

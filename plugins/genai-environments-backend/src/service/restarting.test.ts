import type { EnvironmentSpec } from '@genai-environments/backstage-plugin-genai-environments-common';
import { createRequest } from '../__testUtils__/startPlugin';
import { newEnvironment } from './admission';
import { planRestart } from './restarting';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const actor = 'user:default/ada';

/** A record as of two generations, of which `observed` are in force. */
function rowWith(restarts: EnvironmentSpec['restarts'], { observed = 1 } = {}) {
  const { row } = newEnvironment({
    request: createRequest,
    createdBy: actor,
    lifetimeMs: 1000,
    now: NOW,
  });
  return {
    ...row,
    phase: 'Ready' as const,
    generation: 2,
    observed_generation: observed,
    spec: JSON.stringify({ ...JSON.parse(row.spec), restarts }),
  };
}

const at = (ms: number) => new Date(NOW + ms).toISOString();

const plan = (row: ReturnType<typeof rowWith>, now: number) => {
  const change = planRestart(row, { service: 'app', now: NOW + now, actor });
  return change && JSON.parse(change.set.spec!).restarts;
};

describe('planRestart', () => {
  it('takes the same wish within a second for one while it is under way', () => {
    const row = rowWith({ app: at(0) });
    expect(plan(row, 999)).toBeUndefined();
    expect(plan(row, 1000)).toEqual({ app: at(1000) });
  });

  it('restarts again what was restarted within the second', () => {
    const row = rowWith({ app: at(0) }, { observed: 2 });
    expect(plan(row, 500)).toEqual({ app: at(500) });
  });

  it('keeps the restarts of other services, and is later than all of them', () => {
    const row = rowWith({ 'model-invocation': at(0) });
    expect(plan(row, 0)).toEqual({ 'model-invocation': at(0), app: at(1) });
  });

  it('is later than the last one on a clock that went back', () => {
    const row = rowWith({ app: at(60_000) }, { observed: 2 });
    expect(plan(row, 0)).toEqual({ app: at(60_001) });
  });

  it('leaves an environment that is being made in its phase', () => {
    const row = { ...rowWith({}), phase: 'Provisioning' as const };
    const change = planRestart(row, { service: 'app', now: NOW, actor });
    expect(change).toMatchObject({
      set: { phase: 'Provisioning', generation: 3 },
      events: [{ reason: 'RestartRequested', phase: 'Provisioning', actor }],
      wake: true,
    });
  });
});

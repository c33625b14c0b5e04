import type { EnvironmentStatus } from '@genai-environments/backstage-plugin-genai-environments-common';
import type { ReconcileOutcome } from '@genai-environments/backstage-plugin-genai-environments-node';
import type { EnvironmentRow } from '../database/rows';
import { applyFailure, applyOutcome } from './outcome';

const EARLIER = '2026-01-01T00:00:00.000Z';
const NOW = Date.parse('2026-01-01T01:00:00.000Z');

const status: EnvironmentStatus = {
  phase: 'Ready',
  observedGeneration: 1,
  conditions: [
    {
      type: 'Healthy',
      status: 'True',
      reason: 'AllUp',
      message: 'All services answer.',
      lastTransitionAt: EARLIER,
    },
  ],
  services: [],
  outputs: { endpoint: 'http://127.0.0.1:1' },
};

const row = (overrides: Partial<EnvironmentRow> = {}) =>
  ({
    name: 'bot',
    generation: 1,
    phase: 'Ready',
    status: JSON.stringify(status),
    deletion_requested_at: null,
    ...overrides,
  } as EnvironmentRow);

const outcome = (
  overrides: Partial<ReconcileOutcome> = {},
): ReconcileOutcome => ({
  phase: 'Ready',
  observedGeneration: 1,
  conditions: [],
  services: [],
  outputs: {},
  events: [],
  applications: [],
  requeueAfterMs: 0,
  ...overrides,
});

const healthy = (value: 'True' | 'False') => ({
  type: 'Healthy',
  status: value,
  reason: 'Any',
  message: 'Any.',
});

describe('applyOutcome', () => {
  it('notes when the status of a condition changed, and only then', () => {
    const timeOf = (value: 'True' | 'False') =>
      applyOutcome(
        row(),
        outcome({ conditions: [healthy(value)] }),
        NOW,
      ).status.conditions.find(({ type }) => type === 'Healthy')
        ?.lastTransitionAt;
    expect(timeOf('True')).toBe(EARLIER);
    expect(timeOf('False')).toBe('2026-01-01T01:00:00.000Z');
  });

  it('keeps the condition Reconciled for itself', () => {
    const { conditions } = applyOutcome(
      row(),
      outcome({
        conditions: [{ ...healthy('False'), type: 'Reconciled' }],
      }),
      NOW,
    ).status;
    expect(conditions).toEqual([
      expect.objectContaining({ type: 'Reconciled', status: 'True' }),
    ]);
  });

  it.each<[string, Partial<EnvironmentRow>, Partial<ReconcileOutcome>, string]>(
    [
      ['what was seen', {}, { phase: 'Degraded' }, 'Degraded'],
      ['Updating while a newer spec waits', { generation: 2 }, {}, 'Updating'],
      [
        'Deleting once that was requested',
        { deletion_requested_at: 1 },
        {},
        'Deleting',
      ],
      [
        'Failed even during a teardown',
        { deletion_requested_at: 1 },
        { phase: 'Failed' },
        'Failed',
      ],
      [
        'Deleted at its end',
        { deletion_requested_at: 1 },
        { phase: 'Deleted' },
        'Deleted',
      ],
    ],
  )('settles on %s', (_, overrides, seen, phase) => {
    const recorded = applyOutcome(row(overrides), outcome(seen), NOW);
    expect(recorded.status.phase).toBe(phase);
  });

  it('puts only the last event of a step into the new phase', () => {
    const event = (reason: string) => ({
      type: 'Normal' as const,
      reason,
      message: 'x'.repeat(2_000),
    });
    const { events } = applyOutcome(
      row({ phase: 'Deleting', deletion_requested_at: 1 }),
      outcome({ phase: 'Deleted', events: [event('One'), event('Two')] }),
      NOW,
    );
    expect(events.map(({ reason, phase }) => [reason, phase])).toEqual([
      ['One', 'Deleting'],
      ['Two', 'Deleted'],
    ]);
    expect(events[0].message).toHaveLength(1_000);
  });

  it('tells of each change of phase, also when the provisioner did not', () => {
    const eventsOf = (phase: 'Ready' | 'Degraded' | 'Deleted') =>
      applyOutcome(row(), outcome({ phase }), NOW).events;
    expect(eventsOf('Ready')).toEqual([]);
    expect(eventsOf('Degraded')).toEqual([
      {
        type: 'Warning',
        reason: 'Degraded',
        message: 'Environment bot is now Degraded.',
        phase: 'Degraded',
      },
    ]);
    expect(eventsOf('Deleted')[0].message).toBe('Environment bot is gone.');
  });
});

describe('applyFailure', () => {
  it('leaves the world as it was last seen', () => {
    const recorded = applyFailure(row(), new Error('No network.'), NOW);
    expect(recorded.status).toEqual({
      ...status,
      conditions: [
        ...status.conditions,
        expect.objectContaining({
          type: 'Reconciled',
          status: 'False',
          message: 'No network.',
        }),
      ],
    });
    const repeated = applyFailure(
      row({ status: JSON.stringify(recorded.status) }),
      new Error('No network.'),
      NOW + 1,
    );
    expect(repeated.events).toEqual([]);
    expect(repeated.status).toEqual(recorded.status);
  });

  it.each([new Error(''), ''])('finds words for %p', error => {
    expect(applyFailure(row(), error, NOW).events[0].message).toBe(
      'The provisioner failed without saying why.',
    );
  });
});

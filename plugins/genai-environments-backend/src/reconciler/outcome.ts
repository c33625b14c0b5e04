import type {
  Condition,
  EnvironmentStatus,
  Phase,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type {
  ObservedCondition,
  ReconcileOutcome,
} from '@genai-environments/backstage-plugin-genai-environments-node';
import type { NewEvent } from '../database/EventStore';
import { EnvironmentRow, toStatus } from '../database/rows';

/** Condition that the backend keeps itself: whether it can look and act at all. */
export const RECONCILED = 'Reconciled';

const MESSAGE_MAX_LENGTH = 1000;

/** Status and timeline after a step, next to what was recorded before. */
export type Recorded = { status: EnvironmentStatus; events: NewEvent[] };

/** What a step that succeeded makes of the record. Pure. */
export function applyOutcome(
  row: EnvironmentRow,
  outcome: ReconcileOutcome,
  now: number,
): Recorded {
  const before = toStatus(row);
  const phase = settlePhase(row, outcome);
  const conditions: ObservedCondition[] = [
    ...outcome.conditions.filter(condition => condition.type !== RECONCILED),
    {
      type: RECONCILED,
      status: 'True',
      reason: 'ReconcileSucceeded',
      message: 'The environment could be looked at and acted upon.',
    },
  ];
  return {
    status: {
      phase,
      observedGeneration: outcome.observedGeneration,
      conditions: withTimes(conditions, before.conditions, now),
      services: outcome.services,
      progress: outcome.progress,
      outputs: outcome.outputs,
    },
    events: toEvents(row, outcome, phase),
  };
}

/** What a step that threw makes of the record: the world stays as last seen. Pure. */
export function applyFailure(
  row: EnvironmentRow,
  error: unknown,
  now: number,
): Recorded {
  const before = toStatus(row);
  const message = describe(error);
  const last = before.conditions.find(({ type }) => type === RECONCILED);
  const isNews = last?.status !== 'False' || last.message !== message;
  const failed: ObservedCondition = {
    type: RECONCILED,
    status: 'False',
    reason: 'ReconcileFailed',
    message,
    nextAction:
      'It is tried again by itself, at least once a minute. If it stays, ask the platform team to look at the log of the portal backend.',
  };
  const others = before.conditions.filter(({ type }) => type !== RECONCILED);
  return {
    status: {
      ...before,
      conditions: [...others, ...withTimes([failed], before.conditions, now)],
    },
    events: isNews
      ? [
          {
            type: 'Warning',
            reason: 'ReconcileFailed',
            message,
            phase: row.phase,
          },
        ]
      : [],
  };
}

/**
 * The step may have begun before the latest wish was recorded, so its phase is not
 * always the last word.
 */
function settlePhase(row: EnvironmentRow, outcome: ReconcileOutcome): Phase {
  const stops: Phase[] = ['Deleting', 'Deleted', 'Degraded', 'Failed'];
  if (row.deletion_requested_at !== null && !stops.includes(outcome.phase)) {
    return 'Deleting';
  }
  if (
    (outcome.phase === 'Ready' || outcome.phase === 'Hibernated') &&
    outcome.observedGeneration < row.generation
  ) {
    return 'Updating';
  }
  return outcome.phase;
}

/** Only the last event of a step happened in the new phase. */
function toEvents(
  row: EnvironmentRow,
  outcome: ReconcileOutcome,
  phase: Phase,
): NewEvent[] {
  const events = [...outcome.events];
  if (events.length === 0 && phase !== row.phase) {
    events.push({
      type: phase === 'Degraded' || phase === 'Failed' ? 'Warning' : 'Normal',
      reason: phase,
      message:
        phase === 'Deleted'
          ? `Environment ${row.name} is gone.`
          : `Environment ${row.name} is now ${phase}.`,
    });
  }
  return events.map((event, index) => ({
    type: event.type,
    reason: event.reason,
    message: truncate(event.message),
    phase: index === events.length - 1 ? phase : row.phase,
  }));
}

function withTimes(
  conditions: ObservedCondition[],
  before: Condition[],
  now: number,
): Condition[] {
  return conditions.map(condition => {
    const last = before.find(({ type }) => type === condition.type);
    return {
      ...condition,
      lastTransitionAt:
        last?.status === condition.status
          ? last.lastTransitionAt
          : new Date(now).toISOString(),
    };
  });
}

function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return truncate(message || 'The provisioner failed without saying why.');
}

function truncate(text: string): string {
  return text.length <= MESSAGE_MAX_LENGTH
    ? text
    : `${text.slice(0, MESSAGE_MAX_LENGTH - 1)}…`;
}

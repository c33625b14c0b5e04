import type {
  EnvironmentEvent,
  Phase,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { Knex } from 'knex';
import { EventRow, toEvent } from './rows';

/** Most events one page holds. */
export const EVENT_PAGE_SIZE = 500;

/** What is to be written; `sequence` is given by the store. */
export type NewEvent = Pick<EnvironmentEvent, 'type' | 'reason' | 'message'> & {
  phase: Phase;
  actor?: string;
};

/**
 * Appends events behind `lastSequence` and returns the new last sequence.
 *
 * The caller holds the lock of the environment's row and stores the returned number in
 * it within the same transaction: that is what makes sequences free of gaps.
 */
export async function appendEvents(
  tx: Knex.Transaction,
  options: {
    uid: string;
    lastSequence: number;
    at: number;
    events: NewEvent[];
  },
): Promise<number> {
  const rows: EventRow[] = options.events.map((event, index) => ({
    environment_uid: options.uid,
    sequence: options.lastSequence + index + 1,
    at: options.at,
    type: event.type,
    reason: event.reason,
    message: event.message,
    phase: event.phase,
    actor: event.actor ?? null,
  }));
  if (rows.length > 0) await tx<EventRow>('environment_events').insert(rows);
  return options.lastSequence + rows.length;
}

/** Reads timelines. */
export class EventStore {
  constructor(private readonly knex: Knex) {}

  /** Events above `after`, ascending, at most {@link EVENT_PAGE_SIZE}. */
  async list(uid: string, after: number): Promise<EnvironmentEvent[]> {
    const rows = await this.knex<EventRow>('environment_events')
      .where('environment_uid', uid)
      .andWhere('sequence', '>', after)
      .orderBy('sequence')
      .limit(EVENT_PAGE_SIZE);
    return rows.map(toEvent);
  }

  /** Sequence of the newest event; `undefined` once the record was pruned. */
  async lastSequence(uid: string): Promise<number | undefined> {
    const row = await this.knex('environments')
      .where('uid', uid)
      .first('last_sequence');
    return row?.last_sequence;
  }
}

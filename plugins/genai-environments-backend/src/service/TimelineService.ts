import type {
  EnvironmentEvent,
  EnvironmentEventList,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { EVENT_PAGE_SIZE, EventStore } from '../database/EventStore';
import type { Caller } from './Caller';
import type { ChangeFeed } from './ChangeFeed';
import type { EnvironmentGate } from './EnvironmentGate';

/** What happened to an environment, also after it is gone. */
export class TimelineService {
  private readonly gate: EnvironmentGate;
  private readonly events: EventStore;
  private readonly feed: ChangeFeed;

  constructor(options: {
    gate: EnvironmentGate;
    events: EventStore;
    feed: ChangeFeed;
  }) {
    this.gate = options.gate;
    this.events = options.events;
    this.feed = options.feed;
  }

  /** Events with a sequence above `after`, ascending. */
  async list(
    caller: Caller,
    name: string,
    after: number,
  ): Promise<EnvironmentEventList> {
    const { uid } = await this.gate.openLatest(caller, name);
    return { items: await this.events.list(uid, after) };
  }

  /**
   * As {@link list}, and what happens from then on. Ends after the event with phase
   * `Deleted`, when the signal aborts, or when the backend shuts down. Permissions are
   * checked before the returned promise resolves.
   */
  async follow(
    caller: Caller,
    name: string,
    after: number,
    signal: AbortSignal,
  ): Promise<AsyncGenerator<EnvironmentEvent>> {
    const { uid } = await this.gate.openLatest(caller, name);
    return this.read(uid, after, AbortSignal.any([signal, this.feed.closed]));
  }

  private async *read(
    uid: string,
    after: number,
    signal: AbortSignal,
  ): AsyncGenerator<EnvironmentEvent> {
    let last = after;
    const changes = this.feed.follow(uid, signal);
    try {
      while (!signal.aborted) {
        const page = await this.events.list(uid, last);
        for (const event of page) {
          yield event;
          if (event.phase === 'Deleted') return;
          last = event.sequence;
        }
        if (page.length === EVENT_PAGE_SIZE) continue;
        if (page.length === 0 && (await this.isOver(uid, last))) return;
        await changes.next();
      }
    } finally {
      changes.stop();
    }
  }

  /** Nothing can follow any more: the record was pruned, or `last` is its end. */
  private async isOver(uid: string, last: number): Promise<boolean> {
    const known = await this.events.lastSequence(uid);
    if (known === undefined) return true;
    if (last < known) return false;
    const [final] = await this.events.list(uid, known - 1);
    return final?.phase === 'Deleted';
  }
}

import type { LoggerService } from '@backstage/backend-plugin-api';
import type { EventsService } from '@backstage/plugin-events-node';
import type { SignalsService } from '@backstage/plugin-signals-node';
import {
  EnvironmentChange,
  GENAI_ENVIRONMENTS_SIGNAL_CHANNEL,
  GENAI_ENVIRONMENTS_TOPIC,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { EnvironmentRow } from '../database/rows';
import type { ChangeFeed } from './ChangeFeed';

/** Tells everybody that an environment's record changed, after the commit. */
export class ChangePublisher {
  private readonly feed: ChangeFeed;
  private readonly events: EventsService;
  private readonly signals: SignalsService;
  private readonly logger: LoggerService;

  constructor(options: {
    feed: ChangeFeed;
    events: EventsService;
    signals: SignalsService;
    logger: LoggerService;
  }) {
    this.feed = options.feed;
    this.events = options.events;
    this.signals = options.signals;
    this.logger = options.logger;
  }

  /** Never rejects and never waits: whoever misses a hint reads the record later. */
  publish(row: EnvironmentRow): void {
    this.feed.notify(row.uid);
    const change: EnvironmentChange = {
      name: row.name,
      uid: row.uid,
      phase: row.phase,
      sequence: row.last_sequence,
    };
    const sent = Promise.all([
      this.events.publish({
        topic: GENAI_ENVIRONMENTS_TOPIC,
        eventPayload: change,
      }),
      this.signals.publish({
        recipients: { type: 'broadcast' },
        channel: GENAI_ENVIRONMENTS_SIGNAL_CHANNEL,
        message: change,
      }),
    ]);
    sent.catch(error => {
      this.logger.warn(
        `Could not publish that environment ${row.name} changed`,
        { error: String(error) },
      );
    });
  }
}

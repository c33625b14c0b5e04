import type { LoggerService } from '@backstage/backend-plugin-api';
import { setTimeout as delay } from 'node:timers/promises';
import type {
  Environment,
  EnvironmentEvent,
  Phase,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { EnvironmentsApi } from './EnvironmentsApi';
import { isTransient, statusOf } from './errors';

/** Without an event for this long the state is read: a stream can die without a word. */
const IDLE_MS = 15_000;

export type FollowOptions = {
  api: EnvironmentsApi;
  environment: { name: string; uid: string };
  /** Moves along, so that following again goes on where it stopped. */
  cursor?: { sequence: number };
  /** Leaves out of the log what was before the first event with this phase. */
  logFrom?: Phase;
  /** Asked when an event has one of these phases, and from time to time. */
  settledPhases: Phase[];
  /**
   * Ends following. Gets `undefined` when the environment is gone or its name belongs
   * to another one now.
   */
  isSettled: (environment: Environment | undefined) => boolean;
  logger: LoggerService;
  signal: AbortSignal;
  idleMs?: number;
};

/** One connection, given up when the caller stops or nothing has come for a while. */
class Connection {
  readonly signal: AbortSignal;
  isIdle = false;
  private readonly idle = new AbortController();
  private timer?: NodeJS.Timeout;

  constructor(signal: AbortSignal, private readonly idleMs: number) {
    this.signal = AbortSignal.any([signal, this.idle.signal]);
    this.sawLife();
  }

  sawLife() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.isIdle = true;
      this.idle.abort();
    }, this.idleMs);
  }

  close() {
    clearTimeout(this.timer);
    this.idle.abort();
  }
}

/**
 * Writes the timeline of an environment to the task log until it is settled.
 *
 * Holds no state worth keeping: connecting again behind the last sequence seen resumes
 * without a gap, and starting over only repeats the timeline.
 *
 * @throws what `signal` was aborted with.
 */
export async function followEnvironment(
  options: FollowOptions,
): Promise<Environment | undefined> {
  const { api, environment, logger, signal } = options;
  const { firstDelayMs, maxDelayMs } = api.timings;
  const cursor = options.cursor ?? { sequence: 0 };
  let isLogging = options.logFrom === undefined;
  let waitMs = firstDelayMs;
  const look = async () => {
    const found = await api.find(environment.name, signal);
    const same = found?.uid === environment.uid ? found : undefined;
    return { same, settled: options.isSettled(same) };
  };

  for (;;) {
    const connection = new Connection(signal, options.idleMs ?? IDLE_MS);
    try {
      const events = api.watchEvents(
        environment.name,
        cursor.sequence,
        connection.signal,
      );
      for await (const event of events) {
        connection.sawLife();
        if (event.sequence <= cursor.sequence) continue;
        cursor.sequence = event.sequence;
        waitMs = firstDelayMs;
        isLogging ||= event.phase === options.logFrom;
        if (isLogging) logEvent(logger, event);
        if (!options.settledPhases.includes(event.phase)) continue;
        const { same, settled } = await look();
        if (settled) return same;
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!connection.isIdle) {
        if (!isTransient(error) && statusOf(error) !== 404) throw error;
        logger.debug(`The event stream ended: ${error}`);
      }
    } finally {
      connection.close();
    }
    const { same, settled } = await look();
    if (settled) return same;
    await delay(waitMs, undefined, { signal });
    waitMs = Math.min(waitMs * 2, maxDelayMs);
  }
}

function logEvent(logger: LoggerService, event: EnvironmentEvent) {
  if (event.type === 'Warning') logger.warn(event.message);
  else logger.info(event.message);
}

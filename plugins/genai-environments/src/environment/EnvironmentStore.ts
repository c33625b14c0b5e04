import type {
  Environment,
  EnvironmentEvent,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { GenaiEnvironmentsApi } from '../api';
import { backoffMs, delay } from './backoff';
import { isFinal, isNotFound } from './errors';

/** Events kept in memory; older ones are dropped. */
const MAX_EVENTS = 1000;

/** A stream that lived this long was no failed attempt. */
const STABLE_AFTER_MS = 10_000;

/** What is known about one environment right now. */
export type EnvironmentSnapshot = {
  /** `error`: never seen; with `environment` present a failed refresh only sets `error`. */
  status: 'loading' | 'ready' | 'deleted' | 'missing' | 'error';
  /** Last state seen; stays once `status` is `deleted`. */
  environment?: Environment;
  /** Ascending by `sequence`. */
  events: EnvironmentEvent[];
  error?: Error;
  /** `reconnecting`: what is shown may be out of date. */
  connection: 'connecting' | 'live' | 'reconnecting' | 'closed';
  /** Teardown was requested from this browser tab. */
  tornDownHere: boolean;
};

const INITIAL: EnvironmentSnapshot = {
  status: 'loading',
  events: [],
  connection: 'connecting',
  tornDownHere: false,
};

/**
 * Follows one environment for any number of components: the first subscriber opens one
 * event stream, the last one to leave closes it. Reconnects with growing delay and reads
 * the state again on each event, never on a timer.
 */
export class EnvironmentStore {
  private snapshot = INITIAL;
  private readonly listeners = new Set<() => void>();
  private following?: AbortController;
  private fetching?: Promise<void>;
  private fetchAgain = false;
  private lastSequence = 0;
  private arrived: EnvironmentEvent[] = [];

  constructor(
    private readonly options: {
      api: GenaiEnvironmentsApi;
      name: string;
      wait?: (ms: number, signal: AbortSignal) => Promise<void>;
    },
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    if (this.listeners.size === 1) this.start();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.stop();
    };
  };

  readonly getSnapshot = (): EnvironmentSnapshot => this.snapshot;

  /** Starts over after an error. */
  readonly retry = (): void => {
    this.stop();
    this.patch({ ...INITIAL, tornDownHere: this.snapshot.tornDownHere });
    if (this.listeners.size > 0) this.start();
  };

  /** Reads the state again; calls while a read is under way cause one more read. */
  readonly refresh = (): Promise<void> => {
    if (this.fetching) {
      this.fetchAgain = true;
      return this.fetching;
    }
    // Deferred by a microtask so that several components asking at once cause one read.
    this.fetching = Promise.resolve()
      .then(async () => {
        do {
          this.fetchAgain = false;
          await this.fetch();
        } while (this.fetchAgain && this.listeners.size > 0);
      })
      .finally(() => {
        this.fetching = undefined;
      });
    return this.fetching;
  };

  /** Takes the answer of a change, so that the page does not wait for the stream. */
  readonly accept = (environment: Environment): void => {
    this.patch({ status: 'ready', environment, error: undefined });
  };

  /** As {@link accept}, for an accepted teardown. */
  readonly acceptTearDown = (environment: Environment): void => {
    this.patch({ tornDownHere: true });
    this.accept(environment);
    this.settle();
  };

  /** `true` once after a teardown that was requested here: who asks has to tell the user. */
  readonly takeTearDown = (): boolean => {
    const { tornDownHere } = this.snapshot;
    if (tornDownHere) this.patch({ tornDownHere: false });
    return tornDownHere;
  };

  private start() {
    this.following = new AbortController();
    // The stream replays from the beginning: it tells nothing twice.
    this.forgetEvents();
    this.patch({ connection: 'connecting' });
    document.addEventListener('visibilitychange', this.refreshWhenVisible);
    this.follow(this.following.signal).catch(error =>
      this.patch({ status: 'error', error }),
    );
  }

  private stop() {
    document.removeEventListener('visibilitychange', this.refreshWhenVisible);
    this.following?.abort();
    this.following = undefined;
  }

  private readonly refreshWhenVisible = () => {
    if (document.visibilityState === 'visible') this.refresh();
  };

  private async follow(signal: AbortSignal) {
    const { api, name, wait = delay } = this.options;
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      await this.refresh();
      if (signal.aborted || this.isOver()) return;
      const openedAt = Date.now();
      try {
        const after = this.lastSequence;
        const events = api.watchEvents(name, { after }, { signal });
        for await (const event of events) {
          if (signal.aborted) return;
          this.append(event);
        }
      } catch {
        // Whether it is worth coming back shows in the next read of the state.
      }
      if (Date.now() - openedAt > STABLE_AFTER_MS) attempt = 0;
      await wait(backoffMs(attempt), signal);
    }
  }

  /**
   * Events that arrive together become one update and one read of the state: a replay of
   * hundreds must cause hundreds of neither.
   */
  private append(event: EnvironmentEvent) {
    if (event.sequence <= this.lastSequence) return;
    this.lastSequence = event.sequence;
    this.arrived.push(event);
    if (this.arrived.length > 1) return;
    setTimeout(() => {
      const events = [...this.snapshot.events, ...this.arrived.splice(0)];
      this.patch({ events: events.slice(-MAX_EVENTS) });
      if (this.listeners.size > 0) this.refresh();
    }, 0);
  }

  private forgetEvents() {
    this.lastSequence = 0;
    this.arrived = [];
    this.patch({ events: [] });
  }

  private async fetch() {
    const { api, name } = this.options;
    try {
      const environment = await api.getEnvironment(name);
      const previous = this.snapshot.environment;
      if (previous && previous.uid !== environment.uid) {
        // Another environment took the name: its events count from 1 again.
        this.forgetEvents();
        this.patch({ tornDownHere: false });
      }
      this.patch({
        status: 'ready',
        environment,
        error: undefined,
        connection: 'live',
      });
    } catch (error) {
      this.fail(error as Error);
    }
    this.settle();
  }

  private fail(error: Error) {
    const { environment } = this.snapshot;
    if (isNotFound(error)) {
      const status = environment ? 'deleted' : 'missing';
      this.patch({ status, error: undefined });
    } else if (environment && !isFinal(error)) {
      this.patch({ error, connection: 'reconnecting' });
    } else {
      this.patch({ status: 'error', error, connection: 'reconnecting' });
    }
  }

  private settle() {
    if (this.snapshot.environment?.status.phase === 'Deleted') {
      this.patch({ status: 'deleted' });
    }
    if (this.isOver()) this.patch({ connection: 'closed' });
  }

  /** Nothing more will happen, or nothing more can be seen. */
  private isOver(): boolean {
    const { status, error } = this.snapshot;
    if (status === 'error') return isFinal(error);
    return status === 'deleted' || status === 'missing';
  }

  private patch(changes: Partial<EnvironmentSnapshot>) {
    this.snapshot = { ...this.snapshot, ...changes };
    this.listeners.forEach(listener => listener());
  }
}

const stores = new WeakMap<
  GenaiEnvironmentsApi,
  Map<string, EnvironmentStore>
>();

/** The one store of an environment, shared by everything on the page. */
export function getEnvironmentStore(
  api: GenaiEnvironmentsApi,
  name: string,
): EnvironmentStore {
  const byName = stores.get(api) ?? new Map<string, EnvironmentStore>();
  stores.set(api, byName);
  const store = byName.get(name) ?? new EnvironmentStore({ api, name });
  byName.set(name, store);
  return store;
}

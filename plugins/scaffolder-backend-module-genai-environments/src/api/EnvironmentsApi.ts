import type {
  AuthService,
  BackstageCredentials,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import { setTimeout as delay } from 'node:timers/promises';
import {
  Application,
  CreateEnvironmentRequest,
  Environment,
  EnvironmentEvent,
  GENAI_ENVIRONMENTS_PLUGIN_ID,
  GenaiEnvironmentsClient,
  Plan,
  ProvisionerInfo,
  RequestOptions,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { isTransient, statusOf } from './errors';

/** Times are for tests to shorten. */
export type ApiTimings = {
  /** When one attempt of a call is given up. */
  callTimeoutMs: number;
  /** How long calls are repeated while the backend restarts. */
  retryForMs: number;
  /** Doubles with each repetition up to `maxDelayMs`. */
  firstDelayMs: number;
  maxDelayMs: number;
};

export const DEFAULT_API_TIMINGS: ApiTimings = {
  callTimeoutMs: 30_000,
  retryForMs: 60_000,
  firstDelayMs: 250,
  maxDelayMs: 5_000,
};

export type EnvironmentsApiOptions = {
  auth: AuthService;
  discovery: DiscoveryService;
  /** In whose name everything is done: the initiator of the task. */
  credentials: BackstageCredentials;
  timings?: Partial<ApiTimings>;
};

/**
 * The backend's API in the name of the task's initiator.
 *
 * All calls are safe to repeat (creating is, by `requestId`), so each one outlives a
 * restart of the backend.
 */
export class EnvironmentsApi {
  readonly timings: ApiTimings;
  private readonly client: GenaiEnvironmentsClient;

  constructor(private readonly options: EnvironmentsApiOptions) {
    this.timings = { ...DEFAULT_API_TIMINGS, ...options.timings };
    this.client = new GenaiEnvironmentsClient({
      discoveryApi: options.discovery,
      fetchApi: { fetch: globalThis.fetch },
    });
  }

  plan(request: CreateEnvironmentRequest, signal?: AbortSignal): Promise<Plan> {
    return this.call(o => this.client.plan(request, o), signal);
  }

  async listProvisioners(signal?: AbortSignal): Promise<ProvisionerInfo[]> {
    const { items } = await this.call(
      o => this.client.listProvisioners(o),
      signal,
    );
    return items;
  }

  /** Takes no signal: a create that is under way must be waited for, to know its end. */
  create(request: CreateEnvironmentRequest): Promise<Environment> {
    return this.call(o => this.client.createEnvironment(request, o));
  }

  /** Requests teardown; `undefined` when there is no such environment any more. */
  delete(name: string): Promise<Environment | undefined> {
    return orUndefined(this.call(o => this.client.deleteEnvironment(name, o)));
  }

  /** The environment that has this name now, `Deleted` ones included. */
  find(name: string, signal?: AbortSignal): Promise<Environment | undefined> {
    return orUndefined(
      this.call(o => this.client.getEnvironment(name, o), signal),
    );
  }

  async listApplications(name: string): Promise<Application[]> {
    const { items } = await this.call(o =>
      this.client.listApplications(name, o),
    );
    return items;
  }

  /** One connection to the event stream; see `GenaiEnvironmentsClient.watchEvents`. */
  async *watchEvents(
    name: string,
    after: number,
    signal: AbortSignal,
  ): AsyncGenerator<EnvironmentEvent> {
    const token = await this.token();
    yield* this.client.watchEvents(name, { after }, { token, signal });
  }

  private async call<T>(
    attempt: (options: RequestOptions) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const { callTimeoutMs, retryForMs, firstDelayMs, maxDelayMs } =
      this.timings;
    const giveUpAt = Date.now() + retryForMs;
    for (
      let waitMs = firstDelayMs;
      ;
      waitMs = Math.min(waitMs * 2, maxDelayMs)
    ) {
      signal?.throwIfAborted();
      try {
        const timeout = AbortSignal.timeout(callTimeoutMs);
        return await attempt({
          token: await this.token(),
          signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        });
      } catch (error) {
        signal?.throwIfAborted();
        if (!isTransient(error) || Date.now() + waitMs > giveUpAt) throw error;
        await delay(waitMs, undefined, { signal });
      }
    }
  }

  private async token(): Promise<string> {
    // A fresh one for each call: plugin tokens live shorter than some environments
    // need to start.
    const { token } = await this.options.auth.getPluginRequestToken({
      onBehalfOf: this.options.credentials,
      targetPluginId: GENAI_ENVIRONMENTS_PLUGIN_ID,
    });
    return token;
  }
}

async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

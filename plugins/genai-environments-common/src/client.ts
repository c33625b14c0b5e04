import { createParser, EventSourceMessage } from 'eventsource-parser';
import type {
  Application,
  CreateApplicationRequest,
  RevealedSecret,
} from './application';
import type {
  CreateEnvironmentRequest,
  Environment,
  EnvironmentList,
  Phase,
  ScaleServiceRequest,
  ServiceName,
  ServiceStatus,
  UpdateEnvironmentRequest,
} from './environment';
import type { EnvironmentEvent, EnvironmentEventList } from './event';
import type { LogPage, LogRequest } from './log';
import type { Plan } from './plan';
import type { Limits, ModelInfo, ProvisionerInfo } from './provisioner';
import type { UsageItem } from './usage';
import {
  path,
  query,
  RequestOptions,
  RestClient,
  RestClientOptions,
} from './RestClient';

/** Filters of the environment list; `limit` is 1–200, default 50. */
export type ListEnvironmentsRequest = {
  owner?: string;
  phase?: Phase;
  limit?: number;
  cursor?: string;
};

/**
 * Client of the backend's REST API.
 *
 * Every method rejects with `ResponseError` (`@backstage/errors`) for answers outside
 * 2xx; its `body.error.message` is a sentence for people.
 */
export class GenaiEnvironmentsClient {
  private readonly rest: RestClient;

  constructor(options: RestClientOptions) {
    this.rest = new RestClient(options);
  }

  listEnvironments(
    request: ListEnvironmentsRequest = {},
    options?: RequestOptions,
  ): Promise<EnvironmentList> {
    return this.rest.call('GET', `/environments${query(request)}`, options);
  }

  getEnvironment(name: string, options?: RequestOptions): Promise<Environment> {
    return this.rest.call('GET', path`/environments/${name}`, options);
  }

  createEnvironment(
    request: CreateEnvironmentRequest,
    options?: RequestOptions,
  ): Promise<Environment> {
    return this.rest.call('POST', '/environments', options, request);
  }

  updateEnvironment(
    name: string,
    request: UpdateEnvironmentRequest,
    options?: RequestOptions,
  ): Promise<Environment> {
    return this.rest.call(
      'PATCH',
      path`/environments/${name}`,
      options,
      request,
    );
  }

  /** Stops what runs, and keeps data and address; answers at once. */
  hibernateEnvironment(
    name: string,
    options?: RequestOptions,
  ): Promise<Environment> {
    return this.rest.call(
      'POST',
      path`/environments/${name}/hibernate`,
      options,
    );
  }

  /** Back from hibernation; answers at once. */
  wakeEnvironment(
    name: string,
    options?: RequestOptions,
  ): Promise<Environment> {
    return this.rest.call('POST', path`/environments/${name}/wake`, options);
  }

  /** Requests teardown and answers at once; follow it with {@link watchEvents}. */
  deleteEnvironment(
    name: string,
    options?: RequestOptions,
  ): Promise<Environment> {
    return this.rest.call('DELETE', path`/environments/${name}`, options);
  }

  /** Events with `sequence` above `after`, ascending, at most 500. */
  listEvents(
    name: string,
    request: { after?: number } = {},
    options?: RequestOptions,
  ): Promise<EnvironmentEventList> {
    return this.rest.call(
      'GET',
      path`/environments/${name}/events` + query(request),
      options,
    );
  }

  /**
   * Yields events above `after` as they happen. Ends after the event with phase
   * `Deleted`, when the signal aborts, or when the connection is lost: call again
   * with the last `sequence` seen to resume without a gap.
   */
  async *watchEvents(
    name: string,
    request: { after?: number } = {},
    options?: RequestOptions,
  ): AsyncGenerator<EnvironmentEvent> {
    const response = await this.rest.send(
      'GET',
      path`/environments/${name}/events` + query(request),
      { ...options, accept: 'text/event-stream' },
    );
    if (!response.body) return;

    const received: EnvironmentEvent[] = [];
    const parser = createParser({
      onEvent: (message: EventSourceMessage) => {
        received.push(JSON.parse(message.data));
      },
    });
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        parser.feed(decoder.decode(value, { stream: true }));
        yield* received.splice(0);
      }
    } finally {
      await reader.cancel().catch(() => {});
    }
  }

  listServices(
    name: string,
    options?: RequestOptions,
  ): Promise<{ items: ServiceStatus[] }> {
    return this.rest.call('GET', path`/environments/${name}/services`, options);
  }

  /** Lets at least so many tasks of a service run; answers at once. */
  scaleService(
    name: string,
    service: ServiceName,
    request: ScaleServiceRequest,
    options?: RequestOptions,
  ): Promise<Environment> {
    return this.rest.call(
      'POST',
      path`/environments/${name}/services/${service}/scale`,
      options,
      request,
    );
  }

  /** Replaces what runs of a service; answers at once. */
  restartService(
    name: string,
    service: ServiceName,
    options?: RequestOptions,
  ): Promise<Environment> {
    return this.rest.call(
      'POST',
      path`/environments/${name}/services/${service}/restart`,
      options,
    );
  }

  /** The newest lines of logs, or those since an earlier page's `cursor`. */
  readLogs(
    name: string,
    request: LogRequest = {},
    options?: RequestOptions,
  ): Promise<LogPage> {
    return this.rest.call(
      'GET',
      path`/environments/${name}/logs` + query(request),
      options,
    );
  }

  /** The environment's own OpenAPI document. Rejects with 409 until it is Ready. */
  getOpenApi(
    name: string,
    options?: RequestOptions,
  ): Promise<Record<string, unknown>> {
    return this.rest.call('GET', path`/environments/${name}/openapi`, options);
  }

  /** `from` and `to` are days `YYYY-MM-DD` (UTC), both inclusive; default the last 30 days. */
  getUsage(
    name: string,
    request: { from?: string; to?: string } = {},
    options?: RequestOptions,
  ): Promise<{ items: UsageItem[] }> {
    return this.rest.call(
      'GET',
      path`/environments/${name}/usage` + query(request),
      options,
    );
  }

  listApplications(
    name: string,
    options?: RequestOptions,
  ): Promise<{ items: Application[] }> {
    return this.rest.call(
      'GET',
      path`/environments/${name}/applications`,
      options,
    );
  }

  createApplication(
    name: string,
    request: CreateApplicationRequest,
    options?: RequestOptions,
  ): Promise<Application> {
    return this.rest.call(
      'POST',
      path`/environments/${name}/applications`,
      options,
      request,
    );
  }

  rotateApplication(name: string, id: string, options?: RequestOptions) {
    return this.act(name, id, 'rotate', options);
  }

  enableApplication(name: string, id: string, options?: RequestOptions) {
    return this.act(name, id, 'enable', options);
  }

  disableApplication(name: string, id: string, options?: RequestOptions) {
    return this.act(name, id, 'disable', options);
  }

  /** Rejects with 409 when the secret was already revealed since its last rotation. */
  revealSecret(
    name: string,
    id: string,
    options?: RequestOptions,
  ): Promise<RevealedSecret> {
    return this.rest.call(
      'POST',
      path`/environments/${name}/applications/${id}/reveal`,
      options,
    );
  }

  async deleteApplication(
    name: string,
    id: string,
    options?: RequestOptions,
  ): Promise<void> {
    await this.rest.send(
      'DELETE',
      path`/environments/${name}/applications/${id}`,
      options,
    );
  }

  plan(
    request: CreateEnvironmentRequest,
    options?: RequestOptions,
  ): Promise<Plan> {
    return this.rest.call('POST', '/plan', options, request);
  }

  listProvisioners(
    options?: RequestOptions,
  ): Promise<{ items: ProvisionerInfo[] }> {
    return this.rest.call('GET', '/provisioners', options);
  }

  listModels(
    request: { provisioner: string; region: string },
    options?: RequestOptions,
  ): Promise<{ items: ModelInfo[] }> {
    return this.rest.call('GET', `/models${query(request)}`, options);
  }

  getLimits(options?: RequestOptions): Promise<Limits> {
    return this.rest.call('GET', '/limits', options);
  }

  private act(
    name: string,
    id: string,
    action: 'rotate' | 'enable' | 'disable',
    options?: RequestOptions,
  ): Promise<Application> {
    return this.rest.call(
      'POST',
      path`/environments/${name}/applications/${id}/` + action,
      options,
    );
  }
}

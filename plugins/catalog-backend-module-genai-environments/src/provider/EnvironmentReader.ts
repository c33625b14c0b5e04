import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import { ResponseError } from '@backstage/errors';
import {
  Environment,
  GENAI_ENVIRONMENTS_PLUGIN_ID,
  GenaiEnvironmentsClient,
  RequestOptions,
} from '@genai-environments/backstage-plugin-genai-environments-common';

const PAGE_SIZE = 200;
const REQUEST_TIMEOUT_MS = 15_000;

/** Reads environments from the backend as the catalog itself, not as a user. */
export class EnvironmentReader {
  private readonly auth: AuthService;
  private readonly client: GenaiEnvironmentsClient;

  static create(options: {
    auth: AuthService;
    discovery: DiscoveryService;
    /** Default: the global `fetch`. */
    fetch?: typeof fetch;
  }) {
    const client = new GenaiEnvironmentsClient({
      discoveryApi: options.discovery,
      fetchApi: { fetch: options.fetch ?? globalThis.fetch },
    });
    return new EnvironmentReader(options.auth, client);
  }

  private constructor(auth: AuthService, client: GenaiEnvironmentsClient) {
    this.auth = auth;
    this.client = client;
  }

  /** All environments that are not `Deleted`. */
  async list(): Promise<Environment[]> {
    const found: Environment[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.client.listEnvironments(
        { limit: PAGE_SIZE, cursor },
        await this.requestOptions(),
      );
      found.push(...page.items.filter(exists));
      cursor = page.nextCursor;
    } while (cursor);
    return found;
  }

  /** The environment, or `undefined` when there is none or it is `Deleted`. */
  async get(name: string): Promise<Environment | undefined> {
    try {
      const environment = await this.client.getEnvironment(
        name,
        await this.requestOptions(),
      );
      return exists(environment) ? environment : undefined;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** The environment's own OpenAPI document; rejects while it does not answer. */
  async getOpenApi(name: string): Promise<Record<string, unknown>> {
    return this.client.getOpenApi(name, await this.requestOptions());
  }

  private async requestOptions(): Promise<RequestOptions> {
    // A fresh token for each call: plugin tokens live for about an hour only.
    const { token } = await this.auth.getPluginRequestToken({
      onBehalfOf: await this.auth.getOwnServiceCredentials(),
      targetPluginId: GENAI_ENVIRONMENTS_PLUGIN_ID,
    });
    return { token, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) };
  }
}

function exists(environment: Environment): boolean {
  return environment.status.phase !== 'Deleted';
}

function isNotFound(error: unknown): boolean {
  return error instanceof ResponseError && error.statusCode === 404;
}

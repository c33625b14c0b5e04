import {
  EnvironmentEvent,
  GenaiEnvironmentsClient,
  Phase,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { Portal } from './portal';
import type { User } from './users';
import { waitFor } from './waitFor';

/** One user's access to a portal's APIs, without a browser. */
export class Session {
  readonly environments: GenaiEnvironmentsClient;

  private constructor(
    private readonly portal: Portal,
    readonly user: User,
    readonly token: string,
  ) {
    this.environments = new GenaiEnvironmentsClient({
      discoveryApi: { getBaseUrl: async id => `${portal.url}/api/${id}` },
      fetchApi: { fetch: (input, init) => this.fetch(String(input), init) },
    });
  }

  /** Waits for the catalog to know the user, as the sign-in page does. */
  static async signIn(portal: Portal, user: User): Promise<Session> {
    const token = await waitFor({
      what: `${user.ref} to be known to the catalog`,
      timeoutMs: 30_000,
      ask: async () => {
        const response = await fetch(
          `${portal.url}/api/auth/${user.provider}/refresh`,
          { headers: { 'x-demo-user': user.ref } },
        );
        if (response.status === 404) return undefined;
        if (!response.ok) throw new Error(await response.text());
        const { backstageIdentity } = (await response.json()) as {
          backstageIdentity: { token: string };
        };
        return backstageIdentity.token;
      },
    });
    return new Session(portal, user, token);
  }

  /** `fetch` with the user's token; paths are taken below the portal's address. */
  fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('Authorization', `Bearer ${this.token}`);
    return fetch(new URL(url, this.portal.url), { ...init, headers });
  }

  /** Same, for JSON; throws for answers outside 2xx. */
  async json<T>(url: string, init?: RequestInit): Promise<T> {
    const response = await this.fetch(url, init);
    if (!response.ok) {
      throw new Error(`${url}: ${response.status} ${await response.text()}`);
    }
    return (await response.json()) as T;
  }

  /** Follows the events of an environment until it is in one of `phases`. */
  async untilPhase(
    name: string,
    phases: Phase[],
    options: { timeoutMs: number; after?: number },
  ): Promise<EnvironmentEvent> {
    const signal = AbortSignal.timeout(options.timeoutMs);
    const seen: string[] = [];
    let after = options.after ?? 0;
    try {
      while (!signal.aborted) {
        const events = this.environments.watchEvents(
          name,
          { after },
          { signal },
        );
        for await (const event of events) {
          after = event.sequence;
          seen.push(`${event.phase} ${event.reason}: ${event.message}`);
          if (phases.includes(event.phase)) return event;
        }
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    throw new Error(
      `${name} was not ${phases.join(' or ')} within ${
        options.timeoutMs
      } ms. Events:\n${seen.join('\n')}`,
    );
  }

  /** Whether the catalog knows an entity. */
  async hasEntity(kind: string, name: string): Promise<boolean> {
    const response = await this.fetch(
      `/api/catalog/entities/by-name/${kind}/default/${name}`,
    );
    return response.ok;
  }
}

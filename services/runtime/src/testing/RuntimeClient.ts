import type { ApplicationSpec } from '../applications';
import type { RuntimeStatus } from '../control/status';

/** What tests say to a runtime over HTTP. */
export class RuntimeClient {
  constructor(readonly url: string, private readonly controlKey: string) {}

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`${this.url}${path}`, { redirect: 'manual', ...init });
  }

  control(path: string, method = 'GET', body?: unknown): Promise<Response> {
    return this.fetch(`/control${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.controlKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  async status(): Promise<RuntimeStatus> {
    return (await this.control('/status')).json() as Promise<RuntimeStatus>;
  }

  async putApplication(clientId: string, spec: ApplicationSpec): Promise<void> {
    const response = await this.control(
      `/applications/${clientId}`,
      'PUT',
      spec,
    );
    if (!response.ok) throw new Error(await response.text());
  }

  /** Asks for a token by HTTP Basic. */
  requestToken(
    clientId: string,
    secret: string,
    form: Record<string, string> = {},
  ): Promise<Response> {
    const basic = Buffer.from(`${clientId}:${secret}`).toString('base64');
    return this.fetch('/oauth2/token', {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...form }),
    });
  }

  async token(
    clientId: string,
    secret: string,
    form?: Record<string, string>,
  ): Promise<string> {
    const response = await this.requestToken(clientId, secret, form);
    const body = (await response.json()) as { access_token?: string };
    if (!body.access_token) throw new Error(`No token: ${response.status}`);
    return body.access_token;
  }

  /** Sends `body` as JSON with an access token. */
  post(path: string, token: string, body: unknown): Promise<Response> {
    return this.fetch(path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });
  }
}

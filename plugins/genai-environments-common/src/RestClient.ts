import { ResponseError } from '@backstage/errors';
import { GENAI_ENVIRONMENTS_PLUGIN_ID } from './constants';

/** Per-call options; `token` is a Backstage token for callers without a signed-in `fetch`. */
export type RequestOptions = { token?: string; signal?: AbortSignal };

/** How the client finds and reaches the backend. */
export type RestClientOptions = {
  discoveryApi: { getBaseUrl(pluginId: string): Promise<string> };
  fetchApi: { fetch: typeof fetch };
};

/** Requests to the backend's REST API; rejects with `ResponseError` outside of 2xx. */
export class RestClient {
  constructor(private readonly options: RestClientOptions) {}

  async call<T>(
    method: string,
    route: string,
    options?: RequestOptions,
    body?: unknown,
  ): Promise<T> {
    const response = await this.send(method, route, { ...options, body });
    return (await response.json()) as T;
  }

  async send(
    method: string,
    route: string,
    options: RequestOptions & { body?: unknown; accept?: string } = {},
  ): Promise<Response> {
    const { token, signal, body, accept = 'application/json' } = options;
    const { discoveryApi, fetchApi } = this.options;
    const baseUrl = await discoveryApi.getBaseUrl(GENAI_ENVIRONMENTS_PLUGIN_ID);
    // Some implementations refuse to be called as a method.
    const doFetch = fetchApi.fetch;
    const response = await doFetch(`${baseUrl}/v1${route}`, {
      method,
      signal,
      headers: {
        Accept: accept,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok) throw await ResponseError.fromResponse(response);
    return response;
  }
}

/** A route, its values percent-encoded. */
export function path(
  strings: TemplateStringsArray,
  ...values: string[]
): string {
  return String.raw({ raw: strings }, ...values.map(encodeURIComponent));
}

/** `?a=1&b=2` of what is given; empty when nothing is. */
export function query(
  values: Record<string, string | number | undefined>,
): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined) search.set(key, String(value));
  }
  const text = search.toString();
  return text ? `?${text}` : '';
}

import { Agent, request } from 'undici';
import type { DesiredApplication } from '@genai-environments/backstage-plugin-genai-environments-node';
import { hasCode } from '../files/atomicFile';
import type { SecretDigest } from '../secrets/CredentialStore';
import {
  openApiSchema,
  RuntimeStatus,
  runtimeStatusSchema,
  usageAnswerSchema,
} from './controlSchemas';

/** What was found on an environment's port. */
export type Probe =
  | { kind: 'answered'; status: RuntimeStatus }
  /** Nobody listens. */
  | { kind: 'silent' }
  /** Somebody listens and does not answer (in time). */
  | { kind: 'hung' }
  /** Somebody else answers. */
  | { kind: 'foreign' };

/** The runtime did not do what it was asked. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly code = 'CONTROL_FAILED';
}

const TIMEOUT_MS = 3000;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/**
 * Speaks with one runtime over loopback HTTP, directly: neither the proxy of the host nor
 * connections that outlive a runtime get in between.
 *
 * @see docs/runtime-protocol.md
 */
export class ControlClient {
  private readonly origin: string;
  private readonly uid: string;
  private readonly key: string;
  private readonly agent: Agent;

  constructor(options: {
    port: number;
    uid: string;
    key: string;
    /** From {@link createLoopbackAgent}. */
    agent: Agent;
  }) {
    this.origin = `http://127.0.0.1:${options.port}`;
    this.uid = options.uid;
    this.key = options.key;
    this.agent = options.agent;
  }

  /** Looks who is there. Never throws. */
  async probe(signal?: AbortSignal): Promise<Probe> {
    try {
      const { statusCode, text } = await this.send('GET', '/control/status', {
        signal,
      });
      if (statusCode !== 200) return { kind: 'foreign' };
      const parsed = runtimeStatusSchema.safeParse(parseJson(text));
      return parsed.success && parsed.data.uid === this.uid
        ? { kind: 'answered', status: parsed.data }
        : { kind: 'foreign' };
    } catch (error) {
      return classify(error);
    }
  }

  async putApplication(
    application: DesiredApplication,
    secrets: SecretDigest[],
    signal: AbortSignal,
  ): Promise<void> {
    const { clientId, name, kind, scopes, enabled, revision } = application;
    await this.expect('PUT', `/control/applications/${clientId}`, {
      body: { name, kind, scopes, enabled, revision, secrets },
      signal,
    });
  }

  async deleteApplication(
    clientId: string,
    signal: AbortSignal,
  ): Promise<void> {
    const path = `/control/applications/${encodeURIComponent(clientId)}`;
    await this.expect('DELETE', path, { signal });
  }

  async getUsage(range: { from: string; to: string }) {
    const query = new URLSearchParams({ from: range.from, to: range.to });
    const text = await this.expect('GET', `/control/usage?${query}`);
    return usageAnswerSchema.parse(parseJson(text)).items;
  }

  async getOpenApi(): Promise<Record<string, unknown>> {
    return openApiSchema.parse(
      parseJson(await this.expect('GET', '/openapi.json')),
    );
  }

  /** Asks for an end. `false` when nobody took the wish. */
  async shutdown(): Promise<boolean> {
    try {
      const { statusCode } = await this.send('POST', '/control/shutdown', {
        timeoutMs: 500,
      });
      return statusCode === 202;
    } catch {
      return false;
    }
  }

  private async expect(
    method: 'GET' | 'PUT' | 'DELETE',
    path: string,
    options: { body?: object; signal?: AbortSignal } = {},
  ): Promise<string> {
    const { statusCode, text } = await this.send(method, path, options);
    if (statusCode >= 200 && statusCode < 300) return text;
    // Problems of the runtime quote fields, never values of secrets.
    const detail = (parseJson(text) as { detail?: unknown } | undefined)
      ?.detail;
    throw new ControlError(
      `The runtime answered ${statusCode} to ${method} ${path.split('?')[0]}${
        typeof detail === 'string' ? `: ${detail}` : '.'
      }`,
    );
  }

  private async send(
    method: 'GET' | 'PUT' | 'DELETE' | 'POST',
    path: string,
    options: { body?: object; signal?: AbortSignal; timeoutMs?: number },
  ): Promise<{ statusCode: number; text: string }> {
    const timeout = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
    const { statusCode, body } = await request(`${this.origin}${path}`, {
      method,
      dispatcher: this.agent,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(options.body && { 'content-type': 'application/json' }),
      },
      body: options.body && JSON.stringify(options.body),
      signal: options.signal
        ? AbortSignal.any([options.signal, timeout])
        : timeout,
    });
    return { statusCode, text: await body.text() };
  }
}

export function createLoopbackAgent(): Agent {
  return new Agent({ pipelining: 0, maxResponseSize: MAX_ANSWER_BYTES });
}

function classify(error: unknown): Probe {
  if (hasCode(error, 'ECONNREFUSED')) return { kind: 'silent' };
  // Ended in the middle of an answer: the next look finds nobody.
  if (hasCode(error, 'ECONNRESET', 'UND_ERR_SOCKET')) return { kind: 'silent' };
  const isHttp = (error as Error).name !== 'HTTPParserError';
  return { kind: isHttp ? 'hung' : 'foreign' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

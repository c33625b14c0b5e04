import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import {
  type UsageItem,
  usageItemSchema,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { DesiredApplication } from '@genai-environments/backstage-plugin-genai-environments-node';
import { z } from 'zod';
import type { Secrets } from './aws/Secrets';

const TIMEOUT_MS = 10_000;

const usageSchema = z.object({ items: z.array(usageItemSchema) });
const openApiSchema = z.looseObject({ openapi: z.string() });
const statusSchema = z.object({
  version: z.string(),
  /** Absent: a runtime from before there was a choice. */
  source: z.enum(['bundled', 'own']).default('bundled'),
  /** Those that the portal decides about. */
  applications: z.array(z.object({ clientId: z.string() })).default([]),
});

/** What an environment says of itself. */
export type RuntimeStatus = z.output<typeof statusSchema>;
const controlSecretSchema = z.object({ controlKey: z.string().min(1) });

/** The API of an environment, as the portal asks it. */
export class EnvironmentApi {
  private readonly endpoint: string;
  private controlKey?: string;

  constructor(
    private readonly options: {
      endpoint: string;
      controlSecretArn: string;
      secrets: Secrets;
      fetch: typeof fetch;
    },
  ) {
    this.endpoint = options.endpoint.replace(/\/$/, '');
  }

  /** @throws ServiceUnavailableError */
  async getOpenApi(): Promise<Record<string, unknown>> {
    return openApiSchema.parse(await this.ask('GET', '/openapi.json', {}));
  }

  /** Which runtime answers, and whom it knows. @throws ServiceUnavailableError */
  async getStatus(): Promise<RuntimeStatus> {
    const answer = await this.ask('GET', '/control/status', {
      authorization: await this.authorize(),
    });
    return statusSchema.parse(answer);
  }

  /** @throws ServiceUnavailableError */
  async getUsage(range: { from: string; to: string }): Promise<UsageItem[]> {
    const query = new URLSearchParams(range);
    const answer = await this.ask('GET', `/control/usage?${query}`, {
      authorization: await this.authorize(),
    });
    return usageSchema.parse(answer).items;
  }

  /**
   * Tells what an application may do; tokens issued before count by it.
   *
   * @throws ServiceUnavailableError
   */
  async putApplication(
    clientId: string,
    application: Pick<
      DesiredApplication,
      'name' | 'scopes' | 'enabled' | 'revision'
    >,
  ): Promise<void> {
    const { name, scopes, enabled, revision } = application;
    // The project's own app is a caller like others: it runs beside the environment's tasks
    // and gets tokens from Cognito, which also knows all secrets.
    const spec = { name, kind: 'external', scopes, enabled, revision };
    await this.ask(
      'PUT',
      `/control/applications/${encodeURIComponent(clientId)}`,
      {
        authorization: await this.authorize(),
        'content-type': 'application/json',
      },
      JSON.stringify({ ...spec, secrets: [] }),
    );
  }

  /** Its tokens are refused from now on. @throws ServiceUnavailableError */
  async deleteApplication(clientId: string): Promise<void> {
    await this.ask(
      'DELETE',
      `/control/applications/${encodeURIComponent(clientId)}`,
      { authorization: await this.authorize() },
    );
  }

  private async authorize(): Promise<string> {
    this.controlKey ??= await this.readControlKey();
    return `Bearer ${this.controlKey}`;
  }

  private async readControlKey(): Promise<string> {
    const { secrets, controlSecretArn } = this.options;
    const text = await secrets.read(controlSecretArn);
    if (!text) {
      throw new NotFoundError('The environment has no control key (any more).');
    }
    return controlSecretSchema.parse(JSON.parse(text)).controlKey;
  }

  private async ask(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string,
  ): Promise<unknown> {
    let status: number;
    try {
      const response = await this.options.fetch(`${this.endpoint}${path}`, {
        ...{ method, headers, body },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (response.ok) {
        return response.status === 204 ? undefined : await response.json();
      }
      status = response.status;
      await response.body?.cancel();
    } catch (error) {
      throw new ServiceUnavailableError(
        'The API of the environment does not answer just now. Look at its status.',
        error,
      );
    }
    throw new ServiceUnavailableError(
      `The API of the environment answered ${status}. Look at its status.`,
    );
  }
}

import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import {
  type UsageItem,
  usageItemSchema,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { z } from 'zod';
import type { Secrets } from './aws/Secrets';

const TIMEOUT_MS = 10_000;

const usageSchema = z.object({ items: z.array(usageItemSchema) });
const openApiSchema = z.looseObject({ openapi: z.string() });
const controlSecretSchema = z.object({ controlKey: z.string().min(1) });

/** The API of an environment, as the portal asks it. */
export class EnvironmentApi {
  private readonly endpoint: string;

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
    return openApiSchema.parse(await this.get('/openapi.json', {}));
  }

  /** @throws ServiceUnavailableError */
  async getUsage(range: { from: string; to: string }): Promise<UsageItem[]> {
    const query = new URLSearchParams(range);
    const authorization = `Bearer ${await this.readControlKey()}`;
    const answer = await this.get(`/admin/usage?${query}`, { authorization });
    return usageSchema.parse(answer).items;
  }

  private async readControlKey(): Promise<string> {
    const { secrets, controlSecretArn } = this.options;
    const text = await secrets.read(controlSecretArn);
    if (!text) {
      throw new NotFoundError('The environment has no control key (any more).');
    }
    return controlSecretSchema.parse(JSON.parse(text)).controlKey;
  }

  private async get(
    path: string,
    headers: Record<string, string>,
  ): Promise<unknown> {
    let status: number;
    try {
      const response = await this.options.fetch(`${this.endpoint}${path}`, {
        headers,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (response.ok) return await response.json();
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

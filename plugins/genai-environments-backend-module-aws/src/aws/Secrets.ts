import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
} from '@aws-sdk/client-secrets-manager';
import { createHash } from 'node:crypto';
import { hasCode, isAbsence } from '../errors';
import type { Caller } from './Caller';
import type { Clients } from './clients';
import { readPages } from './readPages';

/** Secrets Manager. All methods throw AwsCallError. */
export class Secrets {
  constructor(
    private readonly client: Clients['secrets'],
    private readonly caller: Caller,
  ) {}

  async read(id: string): Promise<string | undefined> {
    try {
      const { SecretString } = await this.call('GetSecretValue', () =>
        this.client.send(new GetSecretValueCommand({ SecretId: id })),
      );
      return SecretString;
    } catch (error) {
      if (isAbsence(error) || hasCode(error, 'InvalidRequestException')) {
        return undefined;
      }
      throw error;
    }
  }

  /** Keeps what is there. `false`: there is one with that name. */
  async create(
    name: string,
    value: string,
    tags: Record<string, string>,
  ): Promise<boolean> {
    try {
      await this.call('CreateSecret', () =>
        this.client.send(
          new CreateSecretCommand({
            Name: name,
            SecretString: value,
            ClientRequestToken: toToken(`${name}:${value}`),
            Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
          }),
        ),
      );
      return true;
    } catch (error) {
      if (hasCode(error, 'ResourceExistsException')) return false;
      throw error;
    }
  }

  /**
   * Writes version `token` of a secret. Of any number of callers with the same token and
   * different values exactly one gets `true`; the one who repeats its call gets it again.
   */
  async put(id: string, value: string, token: string): Promise<boolean> {
    try {
      await this.call('PutSecretValue', () =>
        this.client.send(
          new PutSecretValueCommand({
            SecretId: id,
            SecretString: value,
            ClientRequestToken: toToken(token),
          }),
        ),
      );
      return true;
    } catch (error) {
      if (hasCode(error, 'ResourceExistsException') || isAbsence(error)) {
        return false;
      }
      throw error;
    }
  }

  /** At once and for good; also right when it is already gone. */
  async delete(id: string): Promise<void> {
    try {
      await this.call('DeleteSecret', () =>
        this.client.send(
          new DeleteSecretCommand({
            SecretId: id,
            ForceDeleteWithoutRecovery: true,
          }),
        ),
      );
    } catch (error) {
      if (!isAbsence(error)) throw error;
    }
  }

  /** Names of secrets that begin with `prefix`. */
  async list(prefix: string): Promise<string[]> {
    const names = await readPages(async NextToken => {
      const page = await this.call('ListSecrets', () =>
        this.client.send(
          new ListSecretsCommand({
            Filters: [{ Key: 'name', Values: [prefix] }],
            MaxResults: 100,
            NextToken,
          }),
        ),
      );
      return {
        items: page.SecretList?.map(({ Name }) => Name ?? ''),
        next: page.NextToken,
      };
    });
    return names.filter(name => name.startsWith(prefix));
  }

  private call<T>(operation: string, run: () => Promise<T>): Promise<T> {
    return this.caller.call(
      'secretsmanager',
      `secretsmanager:${operation}`,
      run,
    );
  }
}

/** Client tokens are 32 to 64 characters; a digest tells nothing of what it is made from. */
function toToken(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

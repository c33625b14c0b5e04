import {
  AddUserPoolClientSecretCommand,
  CreateUserPoolClientCommand,
  DeleteUserPoolClientCommand,
  DeleteUserPoolClientSecretCommand,
  DescribeUserPoolClientCommand,
  ListUserPoolClientsCommand,
  ListUserPoolClientSecretsCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { isAbsence } from '../errors';
import type { Caller } from './Caller';
import type { Clients } from './clients';
import { readPages } from './readPages';

/** What a client of a user pool shall be allowed. */
export type ClientSettings = {
  name: string;
  scopes: string[];
  /** Without, no tokens are issued to it. */
  enabled: boolean;
};

const TOKEN_MINUTES = 60;

/** Clients of user pools. All methods throw AwsCallError. */
export class Cognito {
  constructor(
    private readonly client: Clients['cognito'],
    private readonly caller: Caller,
  ) {}

  list(poolId: string): Promise<Array<{ id: string; name: string }>> {
    return readPages(async NextToken => {
      const page = await this.call('ListUserPoolClients', () =>
        this.client.send(
          new ListUserPoolClientsCommand({
            UserPoolId: poolId,
            MaxResults: 60,
            NextToken,
          }),
        ),
      );
      return {
        items: page.UserPoolClients?.map(({ ClientId, ClientName }) => ({
          id: ClientId!,
          name: ClientName ?? '',
        })),
        next: page.NextToken,
      };
    });
  }

  /** Not to be repeated blindly: each call makes another client. */
  async create(poolId: string, settings: ClientSettings): Promise<string> {
    const { UserPoolClient } = await this.call('CreateUserPoolClient', () =>
      this.client.send(
        new CreateUserPoolClientCommand({
          UserPoolId: poolId,
          GenerateSecret: true,
          ...toInput(settings),
        }),
      ),
    );
    return UserPoolClient!.ClientId!;
  }

  async update(
    poolId: string,
    clientId: string,
    settings: ClientSettings,
  ): Promise<void> {
    await this.call('UpdateUserPoolClient', () =>
      this.client.send(
        new UpdateUserPoolClientCommand({
          UserPoolId: poolId,
          ClientId: clientId,
          ...toInput(settings),
        }),
      ),
    );
  }

  /** Also right when it is already gone. */
  async delete(poolId: string, clientId: string): Promise<void> {
    await this.unlessAbsent(() =>
      this.call('DeleteUserPoolClient', () =>
        this.client.send(
          new DeleteUserPoolClientCommand({
            UserPoolId: poolId,
            ClientId: clientId,
          }),
        ),
      ),
    );
  }

  /** The secret that was made together with the client. */
  async readSecret(poolId: string, clientId: string): Promise<string> {
    const { UserPoolClient } = await this.call('DescribeUserPoolClient', () =>
      this.client.send(
        new DescribeUserPoolClientCommand({
          UserPoolId: poolId,
          ClientId: clientId,
        }),
      ),
    );
    return UserPoolClient!.ClientSecret!;
  }

  /** Ids of the secrets that work, oldest first. */
  async listSecretIds(poolId: string, clientId: string): Promise<string[]> {
    const { ClientSecrets = [] } = await this.call(
      'ListUserPoolClientSecrets',
      () =>
        this.client.send(
          new ListUserPoolClientSecretsCommand({
            UserPoolId: poolId,
            ClientId: clientId,
          }),
        ),
    );
    return ClientSecrets.sort(
      (a, b) =>
        Number(a.ClientSecretCreateDate) - Number(b.ClientSecretCreateDate),
    ).map(({ ClientSecretId }) => ClientSecretId!);
  }

  async addSecret(
    poolId: string,
    clientId: string,
    secret: string,
  ): Promise<void> {
    await this.call('AddUserPoolClientSecret', () =>
      this.client.send(
        new AddUserPoolClientSecretCommand({
          UserPoolId: poolId,
          ClientId: clientId,
          ClientSecret: secret,
        }),
      ),
    );
  }

  /** Also right when it is already gone. */
  async deleteSecret(
    poolId: string,
    clientId: string,
    secretId: string,
  ): Promise<void> {
    await this.unlessAbsent(() =>
      this.call('DeleteUserPoolClientSecret', () =>
        this.client.send(
          new DeleteUserPoolClientSecretCommand({
            UserPoolId: poolId,
            ClientId: clientId,
            ClientSecretId: secretId,
          }),
        ),
      ),
    );
  }

  private call<T>(operation: string, run: () => Promise<T>): Promise<T> {
    return this.caller.call('cognito', `cognito-idp:${operation}`, run);
  }

  private async unlessAbsent(run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (!isAbsence(error)) throw error;
    }
  }
}

function toInput({ name, scopes, enabled }: ClientSettings) {
  return {
    ClientName: name,
    AccessTokenValidity: TOKEN_MINUTES,
    TokenValidityUnits: { AccessToken: 'minutes' as const },
    EnableTokenRevocation: true,
    ...(enabled && {
      AllowedOAuthFlows: ['client_credentials' as const],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthScopes: scopes,
    }),
  };
}

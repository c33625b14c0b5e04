import { randomBytes } from 'node:crypto';
import { AwsError } from '../AwsError';
import type { Region } from '../Region';
import type { VirtualClock } from '../VirtualClock';
import type { Operation } from '../cloudformation/api';

type ClientSecret = { id: string; value: string; createdAt: number };

export type UserPoolClient = {
  id: string;
  name: string;
  flows: string[];
  scopes: string[];
  flowsAllowed: boolean;
  tokenMinutes?: number;
  /** At most two, oldest first. */
  secrets: ClientSecret[];
};

export type UserPool = { id: string; clients: Map<string, UserPoolClient> };

const MAX_SECRETS = 2;

/** The operations on clients of user pools that the provisioner calls. Test code. */
export function cognito(clock: VirtualClock): Record<string, Operation> {
  const addSecret = (client: UserPoolClient, value?: string): ClientSecret => {
    const secret = {
      id: `${client.id}--${clock.now()}-${client.secrets.length}`,
      value: value ?? randomBytes(26).toString('hex'),
      createdAt: clock.now(),
    };
    client.secrets.push(secret);
    return secret;
  };
  return {
    ListUserPoolClients(region, { UserPoolId, MaxResults = 60, NextToken }) {
      const all = [...poolOf(region, UserPoolId).clients.values()];
      const start = Number(NextToken ?? 0);
      const end = start + MaxResults;
      return {
        UserPoolClients: all.slice(start, end).map(({ id, name }) => ({
          ClientId: id,
          ClientName: name,
          UserPoolId,
        })),
        NextToken: end < all.length ? String(end) : undefined,
      };
    },
    CreateUserPoolClient(region, input) {
      assertName(input.ClientName);
      const client: UserPoolClient = {
        id: randomBytes(13).toString('hex'),
        name: input.ClientName,
        ...settings(input),
        secrets: [],
      };
      poolOf(region, input.UserPoolId).clients.set(client.id, client);
      if (input.GenerateSecret) addSecret(client);
      else if (input.ClientSecret) addSecret(client, input.ClientSecret);
      return { UserPoolClient: describe(input.UserPoolId, client) };
    },
    DescribeUserPoolClient(region, { UserPoolId, ClientId }) {
      const client = clientOf(region, UserPoolId, ClientId);
      return { UserPoolClient: describe(UserPoolId, client) };
    },
    UpdateUserPoolClient(region, input) {
      const client = clientOf(region, input.UserPoolId, input.ClientId);
      assertName(input.ClientName ?? client.name);
      // What is not given falls back to its default, as in AWS.
      Object.assign(client, settings(input));
      client.name = input.ClientName ?? client.name;
      return { UserPoolClient: describe(input.UserPoolId, client) };
    },
    DeleteUserPoolClient(region, { UserPoolId, ClientId }) {
      clientOf(region, UserPoolId, ClientId);
      poolOf(region, UserPoolId).clients.delete(ClientId);
      return {};
    },
    AddUserPoolClientSecret(
      region,
      { UserPoolId, ClientId, ClientSecret: value },
    ) {
      const client = clientOf(region, UserPoolId, ClientId);
      if (client.secrets.length >= MAX_SECRETS) {
        throw new AwsError(
          'LimitExceededException',
          'The client already has the maximum number of secrets',
        );
      }
      const { id, createdAt, value: made } = addSecret(client, value);
      return {
        ClientSecretDescriptor: {
          ClientSecretId: id,
          ClientSecretCreateDate: new Date(createdAt),
          ClientSecretValue: value ? undefined : made,
        },
      };
    },
    ListUserPoolClientSecrets(region, { UserPoolId, ClientId }) {
      const { secrets } = clientOf(region, UserPoolId, ClientId);
      return {
        ClientSecrets: secrets.map(({ id, createdAt }) => ({
          ClientSecretId: id,
          ClientSecretCreateDate: new Date(createdAt),
        })),
      };
    },
    DeleteUserPoolClientSecret(
      region,
      { UserPoolId, ClientId, ClientSecretId },
    ) {
      const client = clientOf(region, UserPoolId, ClientId);
      if (!client.secrets.some(({ id }) => id === ClientSecretId)) {
        throw new AwsError('ResourceNotFoundException', 'No such secret');
      }
      if (client.secrets.length === 1) {
        throw new AwsError(
          'InvalidParameterException',
          'The only secret of a client cannot be deleted',
        );
      }
      client.secrets = client.secrets.filter(({ id }) => id !== ClientSecretId);
      return {};
    },
  };
}

/** Whether the token endpoint of the pool gives a token for the credentials. */
export function issuesToken(
  pool: UserPool | undefined,
  credentials: { clientId: string; clientSecret: string },
): boolean {
  const client = pool?.clients.get(credentials.clientId);
  return Boolean(
    client?.flowsAllowed &&
      client.flows.includes('client_credentials') &&
      client.scopes.length > 0 &&
      client.secrets.some(({ value }) => value === credentials.clientSecret),
  );
}

function settings(input: Record<string, any>) {
  const flows: string[] = input.AllowedOAuthFlows ?? [];
  if (flows.length > 0 && !input.AllowedOAuthScopes?.length) {
    throw new AwsError(
      'InvalidParameterException',
      'AllowedOAuthScopes is required if AllowedOAuthFlows are given',
    );
  }
  return {
    flows,
    scopes: (input.AllowedOAuthScopes ?? []) as string[],
    flowsAllowed: Boolean(input.AllowedOAuthFlowsUserPoolClient),
    tokenMinutes: input.AccessTokenValidity as number | undefined,
  };
}

function assertName(name: string) {
  if (!/^[\w\s+=,.@-]{1,128}$/.test(name)) {
    throw new AwsError(
      'InvalidParameterException',
      `1 validation error detected: Value '${name}' at 'clientName' failed to satisfy constraint`,
    );
  }
}

function describe(UserPoolId: string, client: UserPoolClient) {
  return {
    UserPoolId,
    ClientId: client.id,
    ClientName: client.name,
    ClientSecret: client.secrets.at(-1)?.value,
    AllowedOAuthFlows: client.flows,
    AllowedOAuthScopes: client.scopes,
    AllowedOAuthFlowsUserPoolClient: client.flowsAllowed,
  };
}

function poolOf(region: Region, id: string): UserPool {
  const pool = region.userPools.get(id);
  if (pool) return pool;
  throw new AwsError(
    'ResourceNotFoundException',
    `User pool ${id} does not exist.`,
  );
}

function clientOf(region: Region, poolId: string, id: string): UserPoolClient {
  const client = poolOf(region, poolId).clients.get(id);
  if (client) return client;
  throw new AwsError(
    'ResourceNotFoundException',
    `User pool client ${id} does not exist.`,
  );
}

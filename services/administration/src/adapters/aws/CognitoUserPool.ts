import {
  type CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  DeleteUserPoolClientCommand,
  DescribeUserPoolClientCommand,
  paginateListUserPoolClients,
  type UserPoolClientType,
} from '@aws-sdk/client-cognito-identity-provider';
import { toDependencyError } from '@genai-environments/service-kit/aws';

/** A client of the pool, without its secret. */
export type PoolClient = {
  clientId: string;
  name: string;
  scopes: string[];
  /** Milliseconds since 1970. */
  createdAt: number;
};

/** What Cognito takes as the name of a client; the table has the name that was given. */
const REFUSED_IN_NAMES = /[^\w\s+=,.@-]/g;
/** The most that Cognito lists at once. */
const PAGE = 60;

/**
 * The clients of a user pool that get tokens by `client_credentials`.
 *
 * @throws DependencyError from all of them, that says whether a retry can help
 */
export class CognitoUserPool {
  constructor(
    private readonly options: {
      client: CognitoIdentityProviderClient;
      userPoolId: string;
    },
  ) {}

  /** Makes one with a secret, which is answered this once. Not idempotent. */
  async create(options: {
    name: string;
    /** Each `<resource server>/<scope>` of the pool. */
    scopes: readonly string[];
  }): Promise<PoolClient & { secret: string }> {
    const { client, userPoolId: UserPoolId } = this.options;
    const { UserPoolClient } = await explained(() =>
      client.send(
        new CreateUserPoolClientCommand({
          UserPoolId,
          ClientName: options.name.replace(REFUSED_IN_NAMES, '-'),
          GenerateSecret: true,
          AllowedOAuthFlows: ['client_credentials'],
          AllowedOAuthFlowsUserPoolClient: true,
          AllowedOAuthScopes: [...options.scopes],
        }),
      ),
    );
    return {
      ...toPoolClient(UserPoolClient!),
      secret: UserPoolClient!.ClientSecret!,
    };
  }

  /** `undefined` when there is none. */
  async describe(clientId: string): Promise<PoolClient | undefined> {
    const { client, userPoolId: UserPoolId } = this.options;
    try {
      const { UserPoolClient } = await client.send(
        new DescribeUserPoolClientCommand({ UserPoolId, ClientId: clientId }),
      );
      return UserPoolClient && toPoolClient(UserPoolClient);
    } catch (error) {
      if ((error as Error).name === 'ResourceNotFoundException') {
        return undefined;
      }
      return explained(() => Promise.reject(error));
    }
  }

  /** The ids of all clients, in no order. */
  async listIds(): Promise<Set<string>> {
    const { client, userPoolId: UserPoolId } = this.options;
    return explained(async () => {
      const ids = new Set<string>();
      const pages = paginateListUserPoolClients(
        { client, pageSize: PAGE },
        { UserPoolId },
      );
      for await (const { UserPoolClients = [] } of pages) {
        for (const { ClientId } of UserPoolClients) ids.add(ClientId!);
      }
      return ids;
    });
  }

  /** Silent when it is gone already. */
  async delete(clientId: string): Promise<void> {
    const { client, userPoolId: UserPoolId } = this.options;
    try {
      await client.send(
        new DeleteUserPoolClientCommand({ UserPoolId, ClientId: clientId }),
      );
    } catch (error) {
      if ((error as Error).name === 'ResourceNotFoundException') return;
      await explained(() => Promise.reject(error));
    }
  }
}

function toPoolClient(client: UserPoolClientType): PoolClient {
  return {
    clientId: client.ClientId!,
    name: client.ClientName ?? client.ClientId!,
    scopes: client.AllowedOAuthScopes ?? [],
    createdAt: client.CreationDate?.getTime() ?? 0,
  };
}

async function explained<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    throw toDependencyError(error, { what: 'The user pool of applications' });
  }
}

import {
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  DeleteUserPoolClientCommand,
  DeleteUserPoolCommand,
  DescribeUserPoolClientCommand,
  type UserPoolClientType,
} from '@aws-sdk/client-cognito-identity-provider';
import { awsEmulator } from '@genai-environments/service-kit/aws-testing';

/** A user pool of its own in the emulator of `npm run test:aws`. */
export type TestPool = {
  userPoolId: string;
  /** Makes a client in the pool, as the portal does, and tells nobody of it. */
  create(options: { name: string; scopes: string[] }): Promise<{
    clientId: string;
    secret: string;
  }>;
  /** As the pool knows it. */
  describe(clientId: string): Promise<UserPoolClientType | undefined>;
  delete(clientId: string): Promise<void>;
  tearDown(): Promise<void>;
};

export async function createTestPool(): Promise<TestPool> {
  const cognito = new CognitoIdentityProviderClient(awsEmulator());
  const { UserPool } = await cognito.send(
    new CreateUserPoolCommand({ PoolName: 'environment' }),
  );
  const UserPoolId = UserPool!.Id!;
  return {
    userPoolId: UserPoolId,
    async create({ name, scopes }) {
      const { UserPoolClient } = await cognito.send(
        new CreateUserPoolClientCommand({
          ...{ UserPoolId, ClientName: name, GenerateSecret: true },
          AllowedOAuthScopes: scopes,
        }),
      );
      const { ClientId, ClientSecret } = UserPoolClient!;
      return { clientId: ClientId!, secret: ClientSecret! };
    },
    async describe(ClientId) {
      const answer = await cognito
        .send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }))
        .catch(() => undefined);
      return answer?.UserPoolClient;
    },
    async delete(ClientId) {
      await cognito.send(
        new DeleteUserPoolClientCommand({ UserPoolId, ClientId }),
      );
    },
    async tearDown() {
      await cognito.send(new DeleteUserPoolCommand({ UserPoolId }));
      cognito.destroy();
    },
  };
}

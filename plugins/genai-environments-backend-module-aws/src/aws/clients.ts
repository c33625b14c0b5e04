import { BedrockClient } from '@aws-sdk/client-bedrock';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { KMSClient } from '@aws-sdk/client-kms';
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { S3Client } from '@aws-sdk/client-s3';
import { S3VectorsClient } from '@aws-sdk/client-s3vectors';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentityProvider } from '@aws-sdk/types';

export type ClientOptions = {
  region: string;
  credentials: AwsCredentialIdentityProvider;
  /** Of an emulator. */
  endpoint?: string;
  forcePathStyle?: boolean;
  customUserAgent?: [string, string][];
};

export type Clients = ReturnType<typeof createClients>;

const TIMEOUTS = {
  connectionTimeout: 3000,
  requestTimeout: 15_000,
  throwOnRequestTimeout: true,
};

/** Clients of one account and region. None repeats a call: see `Caller`. */
export function createClients(options: ClientOptions) {
  const shared = { ...options, maxAttempts: 1, requestHandler: TIMEOUTS };
  const clients = {
    bedrock: new BedrockClient(shared),
    cloudFormation: new CloudFormationClient(shared),
    cloudWatch: new CloudWatchClient(shared),
    cognito: new CognitoIdentityProviderClient(shared),
    ecr: new ECRClient(shared),
    ecs: new ECSClient(shared),
    logs: new CloudWatchLogsClient(shared),
    kms: new KMSClient(shared),
    s3: new S3Client(shared),
    s3Vectors: new S3VectorsClient(shared),
    secrets: new SecretsManagerClient(shared),
    sts: new STSClient(shared),
    tagging: new ResourceGroupsTaggingAPIClient(shared),
  };
  return {
    ...clients,
    destroy() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

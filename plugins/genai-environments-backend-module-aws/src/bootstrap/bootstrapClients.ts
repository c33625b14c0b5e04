import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { ECRClient } from '@aws-sdk/client-ecr';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity } from '@aws-sdk/types';
import type { Clients } from '../aws/clients';

export type BootstrapClients = Pick<
  Clients,
  'cloudFormation' | 'ecr' | 's3' | 'sts'
>;

/** With the credentials of the shared configuration; they repeat calls by themselves. */
export function createBootstrapClients(options: {
  region: string;
  profile?: string;
  credentials?: AwsCredentialIdentity;
  /** Of an emulator. */
  endpoint?: string;
  forcePathStyle?: boolean;
  customUserAgent?: [string, string][];
}): BootstrapClients & { destroy(): void } {
  const clients = {
    cloudFormation: new CloudFormationClient(options),
    ecr: new ECRClient(options),
    s3: new S3Client(options),
    sts: new STSClient(options),
  };
  return {
    ...clients,
    destroy() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

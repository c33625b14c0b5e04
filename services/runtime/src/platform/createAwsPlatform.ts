import { mkdir } from 'node:fs/promises';
import { openCognitoApplications } from '@genai-environments/administration/aws';
import { openDynamoDbRecords as openModelRecords } from '@genai-environments/model-invocation/aws';
import { createDynamoDbRecords as createPromptRecords } from '@genai-environments/prompt-management/aws';
import {
  type Logger,
  randomId,
  systemClock,
} from '@genai-environments/service-kit';
import {
  cognitoIssuer,
  createCognitoTokenVerifier,
  createDynamoTable,
  createS3Client,
  S3ObjectStore,
} from '@genai-environments/service-kit/aws';
import type { AwsConfig, RuntimeConfig } from '../config';
import { AwsQueues } from './aws/AwsQueues';
import { createDocumentStorage } from './aws/createDocumentStorage';
import { createVectorStorage } from './aws/createVectorStorage';
import { DynamoDbTaskBoard } from './aws/DynamoDbTaskBoard';
import { toPortalApplications } from './aws/toPortalApplications';
import type { Platform } from './Platform';

/**
 * Keeps everything in the resources of an environment on AWS; tokens come from Cognito.
 * Credentials are found as AWS's own tools find them: the role of the task.
 *
 * @throws DependencyError when the table cannot be read
 */
export async function createAwsPlatform(options: {
  config: RuntimeConfig & { aws: AwsConfig };
  logger: Logger;
}): Promise<Platform> {
  const { config, logger } = options;
  const { region, cognito, bucket } = config.aws;
  await mkdir(config.dataDirectory, { recursive: true });
  const table = createDynamoTable({ name: config.aws.table, region });
  const s3 = createS3Client({ region });
  const objects = new S3ObjectStore({ client: s3, bucket });
  const queues = new AwsQueues(config.aws);
  const { userPoolId } = cognito;
  const applications = await openCognitoApplications({
    ...{ userPoolId, region, table, logger },
  });
  const models = await openModelRecords({ table, objects, logger });
  if (config.services.includes('administration')) applications.startSync();

  /** Of what is opened later. */
  const closers: Array<() => void> = [];
  async function close(): Promise<void> {
    for (const closeOne of closers) closeOne();
    await applications.close();
    await models.close();
    queues.close();
    s3.destroy();
    table.close();
  }
  let closed: Promise<void> | undefined;
  return {
    objects,
    auth: {
      directory: applications.directory,
      verifier: createCognitoTokenVerifier({
        userPoolId,
        jwksUri: cognito.jwksUrl,
      }),
    },
    applications: applications.admin,
    portalApplications: toPortalApplications(applications.portal),
    tokens: {
      issuer: cognitoIssuer(userPoolId),
      tokenUrl: cognito.tokenUrl,
      userPoolId,
    },
    routes: [],
    board: new DynamoDbTaskBoard({
      ...{ table, clock: systemClock, taskId: randomId() },
    }),
    // What is kept by all processes together, each of them can use.
    reaches: service => {
      if (service === 'document-processing') return queues.hasDocuments;
      return service !== 'vectorization' || queues.hasVectors;
    },
    storage: {
      models: () => ({ records: models }),
      prompts: () => ({ records: createPromptRecords({ table, logger }) }),
      documents() {
        const { close: closeReader, ...documents } = createDocumentStorage({
          ...{ config, table, objects, queues, logger },
        });
        closers.push(closeReader);
        return documents;
      },
      vectors: () => createVectorStorage({ config, table, queues }),
    },
    close: () => (closed ??= close()),
  };
}

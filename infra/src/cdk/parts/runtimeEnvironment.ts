import { Aws } from 'aws-cdk-lib';
import type { Task } from '../tasks';
import type { CoreValues } from './coreValues';
import { QUEUES } from './data';
import { TASK_PORT } from './loadBalancer';

/** Where the image lets its user write. */
export const DATA_DIRECTORY = '/data';

export type RuntimeSettings = {
  environmentName: string;
  environmentUid: string;
  /** JSON array of model ids. */
  models: string;
  /** JSON of how they are reached. */
  bedrock: string;
};

/** Variables of a container of the runtime. @see docs/guides/container.md */
export function runtimeEnvironment(
  core: CoreValues,
  settings: RuntimeSettings,
): Record<string, string> {
  return {
    GENAI_PLATFORM: 'aws',
    AWS_REGION: Aws.REGION,
    GENAI_ENVIRONMENT_NAME: settings.environmentName,
    GENAI_ENVIRONMENT_UID: settings.environmentUid,
    GENAI_HOST: '0.0.0.0',
    GENAI_PORT: `${TASK_PORT}`,
    GENAI_DATA_DIRECTORY: DATA_DIRECTORY,
    // The rest of the file system is read-only.
    TMPDIR: DATA_DIRECTORY,
    GENAI_PUBLIC_URL: core.publicUrl,
    GENAI_MODELS: settings.models,
    GENAI_BEDROCK: settings.bedrock,
    GENAI_TABLE: core.tableName,
    GENAI_BUCKET: core.bucketName,
    GENAI_COGNITO_USER_POOL_ID: core.userPoolId,
    GENAI_COGNITO_TOKEN_URL: core.tokenUrl,
    ...Object.fromEntries(
      QUEUES.flatMap(name => [
        [`GENAI_QUEUE_${name.toUpperCase()}`, core.queues[name].url],
        [
          `GENAI_DEAD_LETTER_QUEUE_${name.toUpperCase()}`,
          core.queues[name].deadUrl,
        ],
      ]),
    ),
    ...('vectorBucketName' in core
      ? { GENAI_VECTOR_BUCKET: core.vectorBucketName }
      : { GENAI_OPENSEARCH_ENDPOINT: core.collectionEndpoint }),
  };
}

/** Variables of the project's app. @see docs/runtime-protocol.md */
export function appEnvironment(
  core: CoreValues,
  settings: { environmentName: string; textModel: string },
): Record<string, string> {
  return {
    HOST: '0.0.0.0',
    PORT: `${TASK_PORT}`,
    NODE_ENV: 'production',
    APP_BASE_PATH: '/app',
    GENAI_ENVIRONMENT_NAME: settings.environmentName,
    GENAI_ENDPOINT: core.publicUrl,
    GENAI_TOKEN_URL: core.tokenUrl,
    GENAI_TEXT_MODEL: settings.textModel,
  };
}

/** Arguments of the image: its roles. */
export function runtimeCommand({ hosts, workers }: Task): string[] {
  return [
    ...['--services', hosts.join(',')],
    ...['--workers', workers.length ? workers.join(',') : 'none'],
  ];
}

/**
 * Adapters of AWS; apart, so that who does not use them never loads the SDK.
 *
 * @packageDocumentation
 */
export {
  cognitoIssuer,
  type CognitoTokenVerifierOptions,
  createCognitoTokenVerifier,
} from './adapters/aws/CognitoTokenVerifier';
export {
  createS3Client,
  S3ObjectStore,
  type S3ObjectStoreOptions,
} from './adapters/aws/S3ObjectStore';
export {
  createSqsClient,
  SqsQueue,
  type SqsQueueOptions,
} from './adapters/aws/SqsQueue';
export { toDependencyError } from './adapters/aws/awsErrors';
export { insist } from './adapters/aws/dynamoRetries';
export {
  createDynamoTable,
  DYNAMO_TABLE,
  EXPIRY_ATTRIBUTE,
} from './adapters/aws/dynamoTable';
export {
  type Change,
  type ConditionalChange,
  DynamoTableClient,
  type TableItem,
  type TableKey,
} from './adapters/aws/DynamoTableClient';
export { MAX_CHANGES, type Refusals } from './adapters/aws/dynamoTransaction';
export { type TableQuery } from './adapters/aws/tableQuery';

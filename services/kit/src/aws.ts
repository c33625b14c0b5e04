/**
 * Adapters of AWS; apart, so that who does not use them never loads the SDK.
 *
 * @packageDocumentation
 */
export {
  type CognitoTokenVerifierOptions,
  createCognitoTokenVerifier,
} from './adapters/aws/CognitoTokenVerifier';
export {
  createS3Client,
  S3ObjectStore,
  type S3ObjectStoreOptions,
} from './adapters/aws/S3ObjectStore';
export { SqsQueue, type SqsQueueOptions } from './adapters/aws/SqsQueue';

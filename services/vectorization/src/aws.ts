/**
 * Adapters of AWS; apart, so that who does not use them never loads the SDK.
 *
 * @packageDocumentation
 */
export { createDynamoDbRepositories } from './adapters/aws/createDynamoDbRepositories';
export { createOpenSearchServerlessIndex } from './adapters/aws/opensearch/createOpenSearchServerlessIndex';
export { OpenSearchServerlessIndex } from './adapters/aws/opensearch/OpenSearchServerlessIndex';
export { createS3VectorsIndex } from './adapters/aws/createS3VectorsIndex';
export { S3VectorsIndex } from './adapters/aws/S3VectorsIndex';

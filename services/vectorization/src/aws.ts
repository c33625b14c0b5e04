/**
 * Adapters of AWS; apart, so that who does not use them never loads the SDK.
 *
 * @packageDocumentation
 */
export { S3VectorsIndex } from './adapters/aws/S3VectorsIndex';

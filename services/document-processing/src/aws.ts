/**
 * Adapters of AWS; apart, so that who does not use them never loads the SDK.
 *
 * @packageDocumentation
 */
export { createDynamoDbRecords } from './adapters/aws/createDynamoDbRecords';

/**
 * Adapters of AWS; apart, so that who does not use them never loads the SDK.
 *
 * @packageDocumentation
 */
export { createDynamoDbRecords } from './adapters/aws/createDynamoDbRecords';
export { createTextractExtractor } from './adapters/aws/textract/createTextractExtractor';
export { TextractExtractor } from './adapters/aws/textract/TextractExtractor';

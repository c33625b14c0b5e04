/**
 * Adapters of DynamoDB; apart, so that who does not use them never loads the SDK.
 *
 * @packageDocumentation
 */
export { DynamoDbInvocationLog } from './adapters/aws/dynamodb/DynamoDbInvocationLog';
export { DynamoDbInvocationStore } from './adapters/aws/dynamodb/DynamoDbInvocationStore';
export { DynamoDbLimitLedger } from './adapters/aws/dynamodb/DynamoDbLimitLedger';
export { DynamoDbLimitSettings } from './adapters/aws/dynamodb/DynamoDbLimitSettings';
export { DynamoDbUsageLedger } from './adapters/aws/dynamodb/DynamoDbUsageLedger';
export { openDynamoDbRecords } from './adapters/aws/dynamodb/openDynamoDbRecords';

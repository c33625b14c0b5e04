/**
 * What tests of AWS adapters need; apart, so that other tests never load the SDK.
 *
 * @packageDocumentation
 */
import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { randomUUID } from 'node:crypto';
import {
  createDynamoTable,
  DYNAMO_TABLE,
  EXPIRY_ATTRIBUTE,
} from '../dynamoTable';
import type { DynamoTableClient } from '../DynamoTableClient';
import { awsEmulator } from '../../../testing/awsEmulator';

export { createTestBucket } from './createTestBucket';
export { createTestQueues, type TestQueue } from './createTestQueues';
export { awsEmulator };

/** A table of its own in the emulator of `npm run test:aws`. */
export async function createTestTable(): Promise<{
  name: string;
  table: DynamoTableClient;
  tearDown(): Promise<void>;
}> {
  const name = `test-${randomUUID()}`;
  const admin = new DynamoDBClient(awsEmulator());
  await admin.send(
    new CreateTableCommand({ ...DYNAMO_TABLE, TableName: name }),
  );
  await admin.send(
    new UpdateTimeToLiveCommand({
      TableName: name,
      TimeToLiveSpecification: {
        AttributeName: EXPIRY_ATTRIBUTE,
        Enabled: true,
      },
    }),
  );
  const table = createDynamoTable({
    ...awsEmulator(),
    name,
    // moto takes seconds for a large transaction, and serves one request after the other.
    answerTimeoutMs: 60_000,
  });
  return {
    name,
    table,
    async tearDown() {
      table.close();
      await admin.send(new DeleteTableCommand({ TableName: name }));
      admin.destroy();
    },
  };
}

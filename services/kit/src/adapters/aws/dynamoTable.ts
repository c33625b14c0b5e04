import {
  CreateTableCommandInput,
  DynamoDBClient,
  DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoTableClient } from './DynamoTableClient';

/**
 * How the one table of an environment is made, but for its name.
 *
 * @see docs/adr/0011-one-dynamodb-table.md
 */
export const DYNAMO_TABLE = {
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['pk', 'sk', 'gsi1pk', 'gsi1sk'].map(name => ({
    AttributeName: name,
    AttributeType: 'S' as const,
  })),
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'gsi1',
      KeySchema: [
        { AttributeName: 'gsi1pk', KeyType: 'HASH' },
        { AttributeName: 'gsi1sk', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
} satisfies Omit<CreateTableCommandInput, 'TableName'>;

/** Seconds since 1970; DynamoDB removes items some time after it. */
export const EXPIRY_ATTRIBUTE = 'expiresAt';

const CONNECT_TIMEOUT_MS = 1000;
const ANSWER_TIMEOUT_MS = 5000;

/** Opens an environment's table; nothing is asked of DynamoDB yet. */
export function createDynamoTable(options: {
  name: string;
  region: string;
  /** Of an emulator or a private endpoint. */
  endpoint?: string;
  /** Most requests at once; default 50. */
  maxConnections?: number;
  /** Longest wait for an answer; default 5000. */
  answerTimeoutMs?: number;
  credentials?: DynamoDBClientConfig['credentials'];
}): DynamoTableClient {
  const {
    name,
    maxConnections = 50,
    answerTimeoutMs = ANSWER_TIMEOUT_MS,
    ...config
  } = options;
  const client = new DynamoDBClient({
    ...config,
    maxAttempts: 4,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: answerTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: { maxSockets: maxConnections },
      httpsAgent: { maxSockets: maxConnections },
    },
  });
  const documents = DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
  });
  return new DynamoTableClient({ name, client: documents });
}

import {
  BatchGetCommand,
  BatchWriteCommand,
  type BatchWriteCommandInput,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import { insist } from './dynamoRetries';
import type { TableItem, TableKey } from './DynamoTableClient';

type Table = { client: DynamoDBDocumentClient; name: string };
type WriteRequest = NonNullable<
  BatchWriteCommandInput['RequestItems']
>[string][number];

/** What DynamoDB takes at once. */
const MAX_READS = 100;
const MAX_WRITES = 25;

/** Reads items by key, strongly consistent, in the order of the keys. */
export async function readMany(
  table: Table,
  keys: readonly TableKey[],
): Promise<Array<TableItem | undefined>> {
  const batches = inBatches(keys, MAX_READS);
  const items = await Promise.all(
    batches.map(batch => readBatch(table, batch)),
  );
  const found = new Map(items.flat().map(item => [idOf(item), item]));
  return keys.map(key => found.get(idOf(key)));
}

/** Puts and deletes; what DynamoDB does not take is sent again. */
export async function changeMany(
  table: Table,
  requests: readonly WriteRequest[],
): Promise<void> {
  const batches = inBatches(requests, MAX_WRITES);
  await Promise.all(batches.map(batch => writeBatch(table, batch)));
}

async function readBatch(
  { client, name }: Table,
  keys: TableKey[],
): Promise<TableItem[]> {
  const items: TableItem[] = [];
  let left = keys;
  return insist({
    async attempt() {
      const { Responses, UnprocessedKeys } = await client.send(
        new BatchGetCommand({
          RequestItems: {
            [name]: {
              Keys: left.map(({ pk, sk }) => ({ pk, sk })),
              ConsistentRead: true,
            },
          },
        }),
      );
      items.push(...((Responses?.[name] ?? []) as TableItem[]));
      left = (UnprocessedKeys?.[name]?.Keys ?? []) as TableKey[];
      return left.length === 0 ? items : undefined;
    },
  });
}

async function writeBatch(
  { client, name }: Table,
  requests: WriteRequest[],
): Promise<void> {
  let left = requests;
  await insist({
    async attempt() {
      const { UnprocessedItems } = await client.send(
        new BatchWriteCommand({ RequestItems: { [name]: left } }),
      );
      left = UnprocessedItems?.[name] ?? [];
      return left.length === 0 ? true : undefined;
    },
  });
}

function inBatches<T>(all: readonly T[], size: number): T[][] {
  const batches: T[][] = [];
  for (let start = 0; start < all.length; start += size) {
    batches.push(all.slice(start, start + size));
  }
  return batches;
}

function idOf({ pk, sk }: TableKey): string {
  return JSON.stringify([pk, sk]);
}

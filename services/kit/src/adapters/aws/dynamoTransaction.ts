import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { randomUUID } from 'node:crypto';
import { cancellationReasons, insist, mayPassLater } from './dynamoRetries';
import type { Change, ConditionalChange, TableItem } from './DynamoTableClient';

type TransactItem = NonNullable<
  TransactWriteCommandInput['TransactItems']
>[number];

/** The most DynamoDB takes in one transaction. */
export const MAX_CHANGES = 100;

/**
 * The conditions that did not hold: index of the change → the item as it is, `undefined`
 * when there is none.
 */
export type Refusals = Map<number, TableItem | undefined>;

const REFUSED = 'ConditionalCheckFailed';

/**
 * Makes all changes or none. Takes effect once, also when answers get lost.
 *
 * @param options.token - the same one makes it the same transaction for ten minutes
 * @returns `undefined` when it is made
 */
export async function transact(
  options: { client: DynamoDBDocumentClient; name: string; token?: string },
  changes: readonly Change[],
): Promise<Refusals | undefined> {
  const { client, name, token = randomUUID() } = options;
  const command = new TransactWriteCommand({
    TransactItems: changes.map(change => toTransactItem(name, change)),
    ClientRequestToken: token,
  });
  const answer = await insist({
    async attempt() {
      try {
        await client.send(command);
        return { refusals: undefined };
      } catch (error) {
        const refusals = readRefusals(error);
        if (refusals) return { refusals };
        if (mayPassLater(error)) return undefined;
        throw error;
      }
    },
  });
  return answer.refusals;
}

function toTransactItem(TableName: string, change: Change): TransactItem {
  const condition = toCondition(change);
  if ('put' in change) {
    return { Put: { TableName, Item: change.put, ...condition } };
  }
  const target = { TableName, Key: change.key, ...condition };
  if (change.set !== undefined) {
    return { Update: { ...target, UpdateExpression: change.set } };
  }
  return change.delete
    ? { Delete: target }
    : { ConditionCheck: { ...target, ConditionExpression: change.when! } };
}

/** The parts that all kinds of changes have in common. */
export function toCondition({ when, names, values }: ConditionalChange) {
  return {
    ConditionExpression: when,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
}

function readRefusals(error: unknown): Refusals | undefined {
  const refusals: Refusals = new Map();
  cancellationReasons(error)?.forEach(({ Code, Item }, index) => {
    if (Code !== REFUSED) return;
    refusals.set(index, Item && toItem(Item));
  });
  return refusals.size > 0 ? refusals : undefined;
}

/** The document client translates answers, but not what its exceptions carry. */
function toItem(item: object): TableItem {
  return unmarshall(item as Parameters<typeof unmarshall>[0]) as TableItem;
}

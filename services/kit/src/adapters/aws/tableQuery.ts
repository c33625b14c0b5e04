import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';

/** Which items of a partition are read. */
export type TableQuery = {
  pk: string;
  /** Which part of the partition; default: all of it. */
  sk?:
    | { beginsWith: string }
    /** Both inclusive. */
    | { from: string; to: string }
    | { after: string }
    | { before: string };
  /** Default: ascending. */
  descending?: boolean;
  /** Most items. */
  limit?: number;
  /** Items per request; default: up to `limit`, and what DynamoDB gives (1 MB). */
  pageSize?: number;
  /** Reads `gsi1pk` and `gsi1sk` in place of the key; what was written a moment ago may lack. */
  index?: 'gsi1';
  /** Attributes that are answered; default: all. */
  attributes?: readonly string[];
};

/** The same in DynamoDB's words. */
export function toQueryInput(
  TableName: string,
  query: TableQuery,
): QueryCommandInput {
  const { pk, sk, descending, index, attributes } = query;
  const range = sk && toRange(sk);
  const names = attributes?.map((name, at) => [`#a${at}`, name] as const);
  return {
    TableName,
    IndexName: index,
    ConsistentRead: index === undefined,
    ScanIndexForward: !descending,
    KeyConditionExpression: `#pk = :pk${range ? ` AND ${range.text}` : ''}`,
    ProjectionExpression: names?.map(([alias]) => alias).join(', '),
    ExpressionAttributeNames: {
      '#pk': index ? `${index}pk` : 'pk',
      ...(range ? { '#sk': index ? `${index}sk` : 'sk' } : {}),
      ...Object.fromEntries(names ?? []),
    },
    ExpressionAttributeValues: { ':pk': pk, ...range?.values },
  };
}

function toRange(sk: NonNullable<TableQuery['sk']>) {
  if ('beginsWith' in sk) {
    return {
      text: 'begins_with(#sk, :from)',
      values: { ':from': sk.beginsWith },
    };
  }
  if ('from' in sk) {
    return {
      text: '#sk BETWEEN :from AND :to',
      values: { ':from': sk.from, ':to': sk.to },
    };
  }
  return 'after' in sk
    ? { text: '#sk > :from', values: { ':from': sk.after } }
    : { text: '#sk < :from', values: { ':from': sk.before } };
}

import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { rememberHealth } from '../../service/rememberHealth';
import type { ServiceHealth } from '../../service/ServiceDefinition';
import { isNamed } from './awsErrors';
import { changeMany, readMany } from './dynamoBatches';
import { explained, insist } from './dynamoRetries';
import { type Refusals, toCondition, transact } from './dynamoTransaction';
import { type TableQuery, toQueryInput } from './tableQuery';

export type TableKey = { pk: string; sk: string };

/** An item as the document client reads it; adapters know its attributes. */
export type TableItem = TableKey & Record<string, any>;

/** A condition of a write, in DynamoDB's expressions. */
export type ConditionalChange = {
  /** `ConditionExpression`; default: none. */
  when?: string;
  /** `#n` → attribute. */
  names?: Record<string, string>;
  /** `:v` → value. */
  values?: Record<string, unknown>;
};

/** One change of a transaction; with neither `put`, `set` nor `delete` only a condition. */
export type Change = ConditionalChange &
  (
    | { put: TableItem }
    | { key: TableKey; set?: string; delete?: undefined }
    | { key: TableKey; set?: undefined; delete: true }
  );

/**
 * The requests that adapters make of the one table of an environment. Reads are strongly
 * consistent but on the index.
 *
 * @throws DependencyError from all of them, that says whether a retry can help
 * @see docs/adr/0011-one-dynamodb-table.md
 */
export class DynamoTableClient {
  constructor(
    private readonly options: { client: DynamoDBDocumentClient; name: string },
  ) {}

  async get(key: TableKey): Promise<TableItem | undefined> {
    const { client, name: TableName } = this.options;
    const command = new GetCommand({
      TableName,
      Key: key,
      ConsistentRead: true,
    });
    const { Item } = await explained(() => client.send(command));
    return Item as TableItem | undefined;
  }

  /** In the order of the keys, which must differ; `undefined` where there is no item. */
  getMany(keys: readonly TableKey[]): Promise<Array<TableItem | undefined>> {
    return explained(() => readMany(this.options, keys));
  }

  /** All items of a partition in the order of `sk`, as they are needed. */
  async *query(query: TableQuery): AsyncGenerator<TableItem, void> {
    const { client, name } = this.options;
    let left = query.limit ?? Infinity;
    let start: Record<string, unknown> | undefined;
    do {
      const most = Math.min(left, query.pageSize ?? Infinity);
      const command = new QueryCommand({
        ...toQueryInput(name, query),
        ExclusiveStartKey: start,
        ...(most === Infinity ? {} : { Limit: most }),
      });
      const { Items = [], LastEvaluatedKey } = await explained(() =>
        client.send(command),
      );
      for (const item of Items) {
        yield item as TableItem;
        left -= 1;
        if (left === 0) return;
      }
      start = LastEvaluatedKey;
    } while (start);
  }

  /** {@link query}, all at once. */
  async queryAll(query: TableQuery): Promise<TableItem[]> {
    const items: TableItem[] = [];
    for await (const item of this.query(query)) items.push(item);
    return items;
  }

  /** Writes over what is there. Not atomic as a whole; may be repeated. */
  putMany(items: readonly TableItem[]): Promise<void> {
    return explained(() =>
      changeMany(
        this.options,
        items.map(Item => ({ PutRequest: { Item } })),
      ),
    );
  }

  /** Silent about what is gone already. Not atomic as a whole; may be repeated. */
  deleteMany(keys: readonly TableKey[]): Promise<void> {
    return explained(() =>
      changeMany(
        this.options,
        keys.map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } })),
      ),
    );
  }

  /**
   * Changes one item. Repeated by the SDK when an answer gets lost: no place for an `ADD`
   * that must be exact.
   *
   * @returns the item before and after, or `undefined` when the condition does not hold
   */
  async update(
    change: ConditionalChange & {
      key: TableKey;
      set: string;
      answer: 'before' | 'after';
    },
  ): Promise<TableItem | undefined> {
    const { client, name: TableName } = this.options;
    const command = new UpdateCommand({
      TableName,
      Key: change.key,
      UpdateExpression: change.set,
      ReturnValues: change.answer === 'after' ? 'ALL_NEW' : 'ALL_OLD',
      ...toCondition(change),
    });
    const attempt = async () => {
      try {
        const { Attributes } = await client.send(command);
        return { item: Attributes as TableItem | undefined };
      } catch (error) {
        if (isNamed(error, 'ConditionalCheckFailedException')) {
          return { item: undefined };
        }
        // A transaction has the item just now.
        if (isNamed(error, 'TransactionConflictException')) return undefined;
        throw error;
      }
    };
    const { item } = await explained(() => insist({ attempt }));
    return item;
  }

  /**
   * Makes up to 100 changes of different items, all or none, once.
   *
   * @returns the conditions that did not hold, with the items as they are; `undefined`
   *   when all is done
   */
  transact(
    changes: readonly Change[],
    options: { token?: string } = {},
  ): Promise<Refusals | undefined> {
    return explained(() => transact({ ...this.options, ...options }, changes));
  }

  /** May be some seconds old. */
  readonly health = rememberHealth(() => this.look());

  /** Closes its connections. */
  close(): void {
    this.options.client.destroy();
  }

  private async look(): Promise<ServiceHealth> {
    const { client, name: TableName } = this.options;
    try {
      const { Table } = await explained(() =>
        client.send(new DescribeTableCommand({ TableName })),
      );
      return Table?.TableStatus === 'ACTIVE' ||
        Table?.TableStatus === 'UPDATING'
        ? { status: 'UP' }
        : { status: 'DOWN', reason: `The table is ${Table?.TableStatus}.` };
    } catch (error) {
      return { status: 'DOWN', reason: (error as Error).message };
    }
  }
}

import {
  InvalidInputError,
  type Logger,
} from '@genai-environments/service-kit';
import type {
  DynamoTableClient,
  TableItem,
} from '@genai-environments/service-kit/aws';
import { randomBytes } from 'node:crypto';
import type {
  InvocationLog,
  LoggedCall,
  LogPage,
} from '../../../ports/InvocationLog';
import { AsyncGroupCommit } from './AsyncGroupCommit';

/** Calls that are kept while the table cannot be written; about 40 MB. */
const MAX_PENDING = 100_000;
/** Written at once: 20 requests of 25 items. */
const GROUP = 500;
const DAY_SECONDS = 86_400;
const CURSOR = /^\d{15}#[0-9a-z]{8}#[0-9a-f]{12}$/;

/** Keeps the log in the environment's table; DynamoDB removes what is too old. */
export class DynamoDbInvocationLog implements InvocationLog {
  private readonly group: AsyncGroupCommit;
  /** Tells the calls of this process from those of others. */
  private readonly writer = randomBytes(6).toString('hex');
  private count = 0;
  private pending: TableItem[] = [];

  constructor(
    private readonly options: {
      table: DynamoTableClient;
      logger: Logger;
      /** Days a call is kept; default 30. */
      retentionDays?: number;
      /** Longest time a call stays in memory only; default 1000. */
      flushAfterMs?: number;
    },
  ) {
    this.group = new AsyncGroupCommit({
      logger: options.logger,
      afterMs: options.flushAfterMs ?? 1000,
      failure: 'The invocation log could not be written',
      commit: () => this.write(),
    });
  }

  record(call: LoggedCall): void {
    if (this.pending.length >= MAX_PENDING) this.pending.shift();
    this.pending.push(this.toItem(call));
    this.group.schedule();
  }

  async page(
    clientId: string,
    { limit, cursor }: { limit: number; cursor?: string },
  ): Promise<LogPage> {
    if (cursor !== undefined) assertCursor(cursor);
    await this.group.commit();
    const found = await this.options.table.queryAll({
      pk: logOf(clientId),
      ...(cursor === undefined ? {} : { sk: { before: cursor } }),
      ...{ descending: true, limit: limit + 1 },
    });
    const items = found.slice(0, limit).map(toCall);
    return found.length > limit
      ? { items, nextCursor: found[limit - 1].sk }
      : { items };
  }

  /** DynamoDB removes them by itself. */
  async deleteOlder(): Promise<number> {
    return 0;
  }

  flush(): Promise<void> {
    return this.group.commit();
  }

  close(): Promise<void> {
    return this.group.close();
  }

  /** Writing an item twice changes nothing, so what fails is simply written again. */
  private async write(): Promise<void> {
    while (this.pending.length > 0) {
      const group = this.pending.slice(0, GROUP);
      await this.options.table.putMany(group);
      const written = new Set(group);
      this.pending = this.pending.filter(item => !written.has(item));
    }
  }

  private toItem(call: LoggedCall): TableItem {
    const { clientId, at, durationMs, ...rest } = call;
    const { retentionDays = 30 } = this.options;
    this.count += 1;
    const order = this.count.toString(36).padStart(8, '0');
    return {
      pk: logOf(clientId),
      sk: `${String(at).padStart(15, '0')}#${order}#${this.writer}`,
      ...{ clientId, ...rest, at, durationMs: Math.round(durationMs) },
      expiresAt: Math.ceil(at / 1000) + retentionDays * DAY_SECONDS,
    };
  }
}

function logOf(clientId: string): string {
  return `log#${clientId}`;
}

function toCall({ pk: _, sk: __, expiresAt: ___, ...call }: TableItem) {
  return call as unknown as LoggedCall;
}

function assertCursor(cursor: string): void {
  if (CURSOR.test(cursor)) return;
  throw new InvalidInputError(
    'The cursor is not one of this list. Leave it out to begin at the newest call.',
    { code: 'invalid_cursor' },
  );
}

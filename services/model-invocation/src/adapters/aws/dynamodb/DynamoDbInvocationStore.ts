import type { ObjectStore } from '@genai-environments/service-kit';
import {
  type DynamoTableClient,
  insist,
  type TableItem,
} from '@genai-environments/service-kit/aws';
import type { GenerateRequest } from '../../../domain/Model';
import type {
  ClaimedInvocation,
  InvocationOutcome,
  InvocationRun,
  InvocationStore,
  StoredInvocation,
} from '../../../ports/InvocationStore';
import { LargeTexts } from './LargeTexts';

const PENDING = 'invocations#pending';
/** Names in the changes of a lease. */
const HOLD = {
  '#status': 'status',
  '#run': 'run',
  '#dueAt': 'dueAt',
  '#due': 'gsi1sk',
};

/**
 * Keeps asynchronous invocations in the environment's table, and what is too large for an
 * item in the object store.
 */
export class DynamoDbInvocationStore implements InvocationStore {
  private readonly texts: LargeTexts;

  constructor(
    private readonly options: {
      table: DynamoTableClient;
      /** Gives its objects below `async-invocations/` a rule that removes them after a week. */
      objects: ObjectStore;
    },
  ) {
    this.texts = new LargeTexts(options);
  }

  async accept(invocation: {
    id: string;
    clientId: string;
    request: GenerateRequest;
    acceptedAt: number;
  }): Promise<void> {
    const { id, clientId, acceptedAt } = invocation;
    const request = await this.texts.keep(
      `${id}/request.json`,
      JSON.stringify(invocation.request),
    );
    await this.options.table.transact([
      {
        put: {
          ...jobKey(id),
          ...{ gsi1pk: PENDING, gsi1sk: dueKey(acceptedAt, id) },
          ...{ id, clientId, request, acceptedAt, dueAt: acceptedAt },
          ...{ status: 'pending', attempts: 0, run: 0 },
        },
      },
      countPending(clientId, 1),
    ]);
  }

  /** Repeated by the SDK when the answer got lost, it finds its own lease: then it waits. */
  async claim(
    id: string,
    { now, until }: { now: number; until: number },
  ): Promise<ClaimedInvocation | undefined> {
    const item = await this.options.table.update({
      key: jobKey(id),
      set: 'SET #dueAt = :dueAt, #due = :due ADD #attempts :one, #run :one',
      when: '#status = :pending AND #dueAt <= :now',
      names: { ...HOLD, '#attempts': 'attempts' },
      values: { ...valuesOf(id, until), ':one': 1, ':now': now },
      answer: 'after',
    });
    if (!item) return undefined;
    const { clientId, attempts, run, acceptedAt } = item;
    const request = JSON.parse(await this.texts.read(item.request));
    return { id, run, clientId, attempts, acceptedAt, request };
  }

  async renew({ id, run }: InvocationRun, until: number): Promise<boolean> {
    const item = await this.options.table.update({
      key: jobKey(id),
      set: 'SET #dueAt = :dueAt, #due = :due',
      when: '#status = :pending AND #run = :run',
      names: HOLD,
      values: { ...valuesOf(id, until), ':run': run },
      answer: 'after',
    });
    return item !== undefined;
  }

  /** Ends the run's number, too: repeated by the SDK, it changes nothing more. */
  async release({ id, run }: InvocationRun, dueAt: number): Promise<void> {
    await this.options.table.update({
      key: jobKey(id),
      set: 'SET #dueAt = :dueAt, #due = :due ADD #attempts :less, #run :one',
      when: '#status = :pending AND #run = :run',
      names: { ...HOLD, '#attempts': 'attempts' },
      values: { ...valuesOf(id, dueAt), ':run': run, ':less': -1, ':one': 1 },
      answer: 'after',
    });
  }

  async complete(
    id: string,
    outcome: InvocationOutcome,
    times: { expiresAt: number },
  ): Promise<boolean> {
    const { table } = this.options;
    const item = await table.get(jobKey(id));
    if (item?.status !== 'pending') return false;
    // A name of its own per run: the one whose outcome does not count replaces nothing.
    const stored = await this.texts.keep(
      `${id}/outcome-${item.run}.json`,
      JSON.stringify(outcome),
    );
    const changes = [
      finish(id, { status: outcome.status, outcome: stored, ...times }),
      countPending(item.clientId, -1),
    ];
    const isOurs = await insist({
      attempt: async () => ({ done: !(await table.transact(changes)) }),
    });
    if (isOurs.done) await this.texts.forget(item.request);
    return isOurs.done;
  }

  async find(
    key: { id: string; clientId: string },
    now: number,
  ): Promise<StoredInvocation | undefined> {
    const item = await this.options.table.get(jobKey(key.id));
    if (item?.clientId !== key.clientId || hasExpired(item, now)) {
      return undefined;
    }
    const { id, clientId, attempts } = item;
    if (item.status === 'pending') {
      return { id, clientId, attempts, status: 'pending' };
    }
    const outcome: InvocationOutcome = JSON.parse(
      await this.texts.read(item.outcome),
    );
    return { id, clientId, attempts, ...outcome };
  }

  async listDue(options: { now: number; limit: number }): Promise<string[]> {
    const items = await this.options.table.queryAll({
      ...{ pk: PENDING, index: 'gsi1', attributes: ['id'] },
      // `$` follows `#`: everything of the last millisecond.
      sk: { before: `${padded(options.now)}$` },
      limit: options.limit,
    });
    return items.map(({ id }) => id);
  }

  async countPending(clientId: string): Promise<number> {
    const item = await this.options.table.get(countKey(clientId));
    return item?.pending ?? 0;
  }

  /** DynamoDB removes them; until then `find` does not answer them. */
  async deleteExpired(): Promise<number> {
    return 0;
  }
}

function jobKey(id: string) {
  return { pk: `invocations#job#${id}`, sk: 'job' };
}

function countKey(clientId: string) {
  return { pk: `invocations#count#${clientId}`, sk: 'count' };
}

function countPending(clientId: string, amount: number) {
  return {
    key: countKey(clientId),
    set: 'ADD #pending :amount',
    names: { '#pending': 'pending' },
    values: { ':amount': amount },
  };
}

/** When it is due next: for the conditions of claims, and in the order of the index. */
function valuesOf(id: string, dueAt: number) {
  return { ':pending': 'pending', ':dueAt': dueAt, ':due': dueKey(dueAt, id) };
}

function dueKey(dueAt: number, id: string): string {
  return `${padded(dueAt)}#${id}`;
}

/** Sets the outcome of one that has none, and takes it out of the list of unfinished ones. */
function finish(
  id: string,
  result: { status: string; outcome: unknown; expiresAt: number },
) {
  const { status, outcome, expiresAt } = result;
  return {
    key: jobKey(id),
    set: `SET #status = :status, #outcome = :outcome, #goneAt = :goneAt,
      #expiresAt = :expiresAt REMOVE #request, #gsi1pk, #gsi1sk`,
    when: '#status = :pending',
    names: Object.fromEntries(
      [
        ...['status', 'outcome', 'goneAt', 'expiresAt'],
        ...['request', 'gsi1pk', 'gsi1sk'],
      ].map(name => [`#${name}`, name]),
    ),
    values: {
      ...{ ':status': status, ':outcome': outcome, ':pending': 'pending' },
      ...{ ':goneAt': expiresAt, ':expiresAt': Math.ceil(expiresAt / 1000) },
    },
  };
}

function hasExpired(item: TableItem, now: number): boolean {
  return item.goneAt !== undefined && item.goneAt <= now;
}

function padded(time: number): string {
  return String(time).padStart(15, '0');
}

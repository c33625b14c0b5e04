import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoTableClient } from './DynamoTableClient';

function cancelled(...codes: string[]) {
  return new TransactionCanceledException({
    $metadata: { httpStatusCode: 400 },
    message: 'cancelled',
    CancellationReasons: codes.map(Code => ({ Code })),
  });
}

/** A table whose requests end as `script` says, one after the other; then they succeed. */
function scripted(script: Error[]) {
  const tokens: string[] = [];
  const client = {
    async send({ input }: { input: { ClientRequestToken: string } }) {
      tokens.push(input.ClientRequestToken);
      const error = script.shift();
      if (error) throw error;
      return {};
    },
  } as unknown as DynamoDBDocumentClient;
  return { table: new DynamoTableClient({ client, name: 't' }), tokens };
}

const CHANGES = [{ key: { pk: 'a', sk: 'b' }, set: 'ADD n :n' }];

describe('transactions of DynamoTableClient', () => {
  it('are made again after a conflict or throttling, as the same transaction', async () => {
    const { table, tokens } = scripted([
      cancelled('TransactionConflict'),
      cancelled('None', 'ThrottlingError'),
      Object.assign(new Error(), { name: 'TransactionInProgressException' }),
    ]);
    expect(await table.transact(CHANGES)).toBeUndefined();
    expect(tokens).toHaveLength(4);
    expect(new Set(tokens).size).toBe(1);
  });

  it('end in an error that says to try again when conflicts do not end', async () => {
    const { table } = scripted(
      Array.from({ length: 50 }, () => cancelled('TransactionConflict')),
    );
    await expect(table.transact(CHANGES)).rejects.toMatchObject({
      name: 'DependencyError',
      code: 'busy',
      retryable: true,
      retryAfterSeconds: 1,
    });
  });

  it.each([
    ['ThrottlingException', 400, true],
    ['ProvisionedThroughputExceededException', 400, true],
    ['InternalServerError', 500, true],
    ['AccessDeniedException', 400, false],
    ['ValidationException', 400, false],
  ])('tell of %s whether a retry helps', async (name, status, retryable) => {
    const error = Object.assign(new Error('secret detail'), {
      name,
      $metadata: { httpStatusCode: status },
    });
    const failure = await scripted([error])
      .table.transact(CHANGES)
      .catch(e => e);
    expect(failure).toMatchObject({
      name: 'DependencyError',
      retryable,
      cause: error,
    });
    expect(failure.message).not.toContain('secret');
  });
});

describe('updates of DynamoTableClient', () => {
  it('wait for a transaction that has the item', async () => {
    const { table, tokens } = scripted([
      Object.assign(new Error(), { name: 'TransactionConflictException' }),
    ]);
    const [{ key, set }] = CHANGES;
    await table.update({ key, set, answer: 'after' });
    expect(tokens).toHaveLength(2);
  });
});

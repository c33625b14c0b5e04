import { createTestTable } from './testing';
import { createDynamoTable } from './dynamoTable';
import type { DynamoTableClient } from './DynamoTableClient';
import { awsEmulator } from '../../testing';

describe('DynamoTableClient', () => {
  let storage: Awaited<ReturnType<typeof createTestTable>>;
  let table: DynamoTableClient;
  beforeEach(async () => {
    storage = await createTestTable();
    table = storage.table;
  });
  afterEach(() => storage.tearDown());

  const key = (n: number) => ({ pk: 'p', sk: String(n).padStart(4, '0') });

  it('reads and writes more than fits in one request', async () => {
    const items = Array.from({ length: 230 }, (_, n) => ({ ...key(n), n }));
    await table.putMany(items);
    expect(await table.queryAll({ pk: 'p' })).toEqual(items);
    const keys = [key(229), { pk: 'p', sk: 'none' }, ...items.map(key1)];
    const found = await table.getMany(keys);
    expect(found.slice(0, 2)).toEqual([items[229], undefined]);
    expect(found.slice(2)).toEqual(items);
    await table.deleteMany(items.slice(1));
    await table.deleteMany(items.slice(1));
    expect(await table.queryAll({ pk: 'p' })).toEqual([items[0]]);
  });

  it('queries parts of a partition, both ways', async () => {
    await table.putMany([1, 2, 3, 4].map(n => ({ ...key(n), n })));
    const read = async (query: object) =>
      (await table.queryAll({ pk: 'p', ...query })).map(({ n }) => n);
    expect(await read({ sk: { from: '0002', to: '0003' } })).toEqual([2, 3]);
    expect(await read({ sk: { after: '0002' }, limit: 1 })).toEqual([3]);
    expect(await read({ sk: { before: '0003' }, descending: true })).toEqual([
      2, 1,
    ]);
    expect(await read({ sk: { beginsWith: '0004' } })).toEqual([4]);
    expect(
      await table.queryAll({ pk: 'p', limit: 1, attributes: ['sk'] }),
    ).toEqual([{ sk: '0001' }]);
  });

  it('changes all or nothing, and says what did not hold', async () => {
    await table.putMany([{ ...key(1), n: 1 }]);
    const add = (n: number, most: number) => ({
      key: key(n),
      set: 'ADD n :one',
      when: 'attribute_not_exists(pk) OR n < :most',
      values: { ':one': 1, ':most': most },
    });
    expect(await table.transact([add(1, 9), add(2, 9)])).toBeUndefined();
    const refusals = await table.transact([add(2, 9), add(1, 2)]);
    expect([...refusals!]).toEqual([[1, { ...key(1), n: 2 }]]);
    expect(await table.getMany([key(1), key(2)])).toMatchObject([
      { n: 2 },
      { n: 1 },
    ]);
  });

  it('updates under a condition', async () => {
    const update = (answer: 'before' | 'after') =>
      table.update({
        ...{ key: key(1), answer },
        set: 'SET #n = :n',
        when: 'attribute_exists(pk)',
        names: { '#n': 'n' },
        values: { ':n': 5 },
      });
    expect(await update('after')).toBeUndefined();
    await table.putMany([{ ...key(1), n: 1 }]);
    expect(await update('before')).toMatchObject({ n: 1 });
    expect(await update('after')).toMatchObject({ n: 5 });
  });

  it('is up, and says when its table is missing that no retry helps', async () => {
    expect(await table.health()).toEqual({ status: 'UP' });
    const missing = createDynamoTable({ ...awsEmulator(), name: 'missing' });
    expect(await missing.health()).toMatchObject({ status: 'DOWN' });
    await expect(missing.get(key(1))).rejects.toMatchObject({
      name: 'DependencyError',
      retryable: false,
    });
    missing.close();
  });

  it('says that a retry can help when nobody answers', async () => {
    const alone = createDynamoTable({
      name: 'x',
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:9',
    });
    await expect(alone.get(key(1))).rejects.toMatchObject({
      name: 'DependencyError',
      retryable: true,
    });
    alone.close();
  });
});

function key1({ pk, sk }: { pk: string; sk: string }) {
  return { pk, sk };
}

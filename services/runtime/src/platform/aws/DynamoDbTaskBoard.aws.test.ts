import { createTestTable } from '@genai-environments/service-kit/aws-testing';
import { DynamoDbTaskBoard } from './DynamoDbTaskBoard';

const UP = { status: 'UP' } as const;
const down = (reason: string) => ({ status: 'DOWN', reason } as const);

describe('DynamoDbTaskBoard', () => {
  let setup: Awaited<ReturnType<typeof createTestTable>>;
  let now: number;
  const open = (taskId: string) =>
    new DynamoDbTaskBoard({
      ...{ table: setup.table, taskId },
      clock: { now: () => now },
    });

  beforeEach(async () => {
    now = Date.parse('2026-01-31T12:00:00Z');
    setup = await createTestTable();
  });
  afterEach(() => setup.tearDown());

  it('says that a service is up when any of its tasks is', async () => {
    await open('a').report({ models: down('Gone.'), prompts: UP });
    await open('b').report({ models: UP });
    expect(await open('c').read()).toEqual({ models: UP, prompts: UP });
    await open('b').report({ models: down('Gone, too.') });
    expect(await open('c').read()).toEqual({
      models: down('Gone.'),
      prompts: UP,
    });
  });

  it('says that a service is down whose tasks have fallen silent', async () => {
    await open('a').report({ models: UP });
    now += 30_000;
    expect(await open('b').read()).toEqual({ models: UP });
    now += 1;
    expect(await open('b').read()).toEqual({
      models: down('No task of this service has been heard of for 30 s.'),
    });
    await open('c').report({ models: down('Gone.') });
    expect(await open('b').read()).toEqual({ models: down('Gone.') });
  });

  it('forgets a task that ends in order at once, and a dead one after a day', async () => {
    await open('a').report({ models: UP });
    const item = await setup.table.get({ pk: 'platform#tasks', sk: 'a' });
    expect(item?.expiresAt).toBe(Date.parse('2026-02-01T12:00:00Z') / 1000);
    await open('a').withdraw();
    await open('a').withdraw();
    expect(await open('b').read()).toEqual({});
  });
});

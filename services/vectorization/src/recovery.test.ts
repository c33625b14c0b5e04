import { DependencyError, SqliteQueue } from '@genai-environments/service-kit';
import type { VectorIndex } from './ports/VectorIndex';
import { Harness, startHarness } from './testing/harness';

const away = () =>
  new DependencyError('It is away.', { kind: 'unavailable', retryable: true });

describe('the service while vectors cannot be removed', () => {
  let harness: Harness;
  let behave: () => Promise<void>;
  let drop: jest.Mock<Promise<void>>;
  beforeEach(async () => {
    behave = () => Promise.reject(away());
    drop = jest.fn(() => behave());
    const local = {
      ...{ type: 'local', create: async () => {}, close: async () => {}, drop },
    } as unknown as VectorIndex;
    harness = await startHarness({ vectorIndexes: { local } });
  });
  afterEach(() => harness.close());

  const attempts = async (times: number) => {
    while (drop.mock.calls.length < times) {
      await new Promise(resolve => setImmediate(resolve));
    }
  };

  it.each([
    ['a store', 'storeId', '/vector/store/'],
    ['an index', 'indexId', '/vector/store/index/'],
  ] as const)('deletes %s, starts, and removes them later', async (...test) => {
    const [, id, prefix] = test;
    const made = await harness.createIndex();
    const url = `${prefix}${made[id]}`;
    expect(await harness.call('DELETE', url)).toMatchObject({
      status: 200,
      json: { status: 'DELETED' },
    });
    expect((await harness.call('DELETE', url)).status).toBe(404);
    await harness.restart();
    await attempts(2);
    expect(drop.mock.calls).toEqual([[made.indexId], [made.indexId]]);

    // Nor does a start wait for what takes long.
    let removed = () => {};
    behave = () => new Promise(resolve => (removed = resolve));
    await harness.restart();
    await attempts(3);
    removed();
    await harness.restart();
    expect(drop).toHaveBeenCalledTimes(3);
  });
});

describe('the service while its queue is away', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await startHarness();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await harness.close();
  });

  it('accepts a job that the queue does not take, and does it later', async () => {
    harness.chunks.put('chunks-1', { 'a.txt': [{ text: 'cat' }] });
    const { indexId: index_id } = await harness.createIndex();
    const send = jest
      .spyOn(SqliteQueue.prototype, 'send')
      .mockRejectedValue(away());
    const { status, json } = await harness.call(
      'POST',
      '/vector/store/vectorize',
      { payload: { chunking_job_id: 'chunks-1', index_id } },
    );
    expect({ status, json }).toMatchObject({
      status: 200,
      json: { status: 'STARTED', total_file_count: 1 },
    });
    await harness.restart();
    send.mockRestore();
    await harness.restart();
    const url = `/vector/job/status/${json.vectorize_job_id}`;
    while ((await harness.call('GET', url)).json.status !== 'COMPLETED') {
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    expect((await harness.call('GET', '/vector/jobs/list')).json).toHaveLength(
      1,
    );
  });
});

import type { JobMetrics, TimeRange } from '../ports/MetricsSource';
import { Harness, startHarness } from '../testing/harness';

const sums = {
  invocations: 10,
  failedInvocations: 2,
  cancelledInvocations: 1,
  cachedInvocations: 2,
  inputTokens: 100,
  outputTokens: 50,
  costMicroUsd: 1_500_000,
  durationMs: 4000,
};

describe('metrics', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await startHarness();
  });
  afterEach(() => harness.app.close());

  const post = (name: string, payload: object) =>
    harness.call('POST', `/admin/metrics/${name}`, { payload });

  it('group calls by model', async () => {
    const asked: unknown[] = [];
    harness.sources.usage = {
      async sumByModel(clientId, range) {
        asked.push(clientId, range);
        return [
          { model: 'm', ...sums },
          { model: 'n', ...sums, failedInvocations: 0 },
        ];
      },
      query: async () => [],
    };
    const range = { start_date: '2026-01-01', end_date: '2026-01-31' };
    const { status, json } = await post('invocations', {
      app_id: 'app-1',
      ...range,
    });
    expect(status).toBe(200);
    expect(asked).toEqual(['app-1', { from: '2026-01-01', to: '2026-01-31' }]);
    expect(json.last_evaluated_key).toBeNull();
    expect(json.items.m).toEqual({
      model_name: 'm',
      total_count: 10,
      total_input_tokens: 100,
      total_output_tokens: 50,
      total_cost_usd: 1.5,
      cached_count: 2,
      average_duration_ms: 500,
      status_counts: { SUCCESS: 7, FAILED: 2, CANCELLED: 1 },
    });
    expect(json.items.n.status_counts).toEqual({ SUCCESS: 9, CANCELLED: 1 });
    const one = await post('invocations', { app_id: 'app-1', model_id: 'n' });
    expect(Object.keys(one.json.items)).toEqual(['n']);
  });

  it.each([
    [
      'extraction-jobs',
      'extractionJobs',
      {
        total_count: 3,
        total_completed_file_count: 5,
        total_total_file_count: 7,
        total_failed_file_count: 2,
      },
    ],
    [
      'chunking-jobs',
      'chunkingJobs',
      {
        total_count: 3,
        total_completed_files: 5,
        total_total_files: 7,
        total_failed_files: 2,
      },
    ],
    [
      'vectorization-jobs',
      'vectorizationJobs',
      {
        total_count: 3,
        total_completed_files: 5,
        total_total_files: 7,
        total_failed_files: 2,
      },
    ],
  ] as const)('group %s by status', async (route, source, expected) => {
    const ranges: TimeRange[] = [];
    const jobs: JobMetrics = {
      async sumByStatus(_clientId, range) {
        ranges.push(range);
        return [
          {
            status: 'COMPLETED',
            jobs: 3,
            totalFiles: 7,
            completedFiles: 5,
            failedFiles: 2,
          },
        ];
      },
    };
    const absent = await post(route, { app_id: 'app-1' });
    expect(absent.json).toEqual({ items: {}, last_evaluated_key: null });
    Object.assign(harness.sources, { [source]: jobs });
    const { json } = await post(route, {
      app_id: 'app-1',
      start_date: '2026-01-30',
      end_date: '2026-01-31',
    });
    expect(json.items).toEqual({ COMPLETED: expected });
    expect(ranges).toEqual([
      { from: Date.parse('2026-01-30'), to: Date.parse('2026-02-01') },
    ]);
  });

  it('list vector stores and their indexes in pages', async () => {
    const createdAt = Date.parse('2026-01-05T10:00:00Z');
    harness.sources.vectors = {
      async listStores(clientId, { limit, cursor }) {
        const name = `${limit} ${cursor ?? 'start'}`;
        const store = {
          storeId: 's',
          clientId,
          name,
          type: 'local',
          createdAt,
        };
        return { items: [store], nextCursor: 'next' };
      },
      async listIndexes(storeId) {
        if (storeId !== 's') return undefined;
        return { items: [{ indexId: 'i', storeId, name: 'x', createdAt }] };
      },
    };
    const stores = await post('vector-stores', {
      app_id: 'app-1',
      limit: 5,
      last_evaluated_key: 'here',
      start_date: '',
      end_date: null,
    });
    expect(stores.json).toEqual({
      items: [
        {
          vector_store_id: 's',
          store_name: '5 here',
          app_id: 'app-1',
          store_type: 'local',
          created_at: '2026-01-05T10:00:00.000Z',
        },
      ],
      last_evaluated_key: 'next',
    });
    const indexes = await post('vector-indexes', { vector_store_id: 's' });
    expect(indexes.json).toEqual({
      items: [
        {
          index_id: 'i',
          vector_store_id: 's',
          index_name: 'x',
          created_at: '2026-01-05T10:00:00.000Z',
        },
      ],
      last_evaluated_key: null,
    });
    const unknown = await post('vector-indexes', { vector_store_id: 'none' });
    expect(unknown.status).toBe(404);
    expect(unknown.json.code).toBe('vector_store_not_found');
  });

  it.each([
    'invocations',
    'extraction-jobs',
    'chunking-jobs',
    'vectorization-jobs',
    'vector-stores',
  ])('%s answer 404, 400 and 422', async route => {
    expect((await post(route, { app_id: 'nobody' })).status).toBe(404);
    const backwards = { start_date: '2026-01-02', end_date: '2026-01-01' };
    const answer = await post(route, { app_id: 'app-1', ...backwards });
    expect(answer.status).toBe(400);
    expect(answer.json.code).toBe('invalid_range');
    const malformed = { app_id: 'app-1', start_date: '2026-31-01' };
    expect((await post(route, malformed)).status).toBe(422);
    expect((await post(route, {})).status).toBe(422);
  });
});

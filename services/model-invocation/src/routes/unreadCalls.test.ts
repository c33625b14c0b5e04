import { Harness, startHarness } from '../testing/harness';
import { answerJson } from '../testing/StubUpstream';
import {
  leaveWaiting,
  setCap,
  usedTokens,
  vision,
} from '../testing/uncountedCalls';

describe('a call that no model has read', () => {
  let harness: Harness;
  afterEach(() => harness.close());

  const body = { model: 'stub-chat', ...vision(1) };
  const streamed = { ...body, stream: true };

  it.each([400, 403, 408, 413, 429, 500, 503, 504])(
    'costs nothing: refused with %s',
    async status => {
      harness = await startHarness({ retry: { maxAttempts: 1 } });
      await setCap(harness);
      harness.upstream.behave = answerJson(status, {});
      await harness.post('/v1/chat/completions', body);
      await harness.post('/v1/chat/completions', streamed);
      expect(await harness.firstBooking()).toMatchObject({
        ...{ inputTokens: 0, outputTokens: 0, failedInvocations: 2 },
      });
      expect(await usedTokens(harness)).toBe(0);
    },
  );

  it('costs nothing: no connection', async () => {
    harness = await startHarness({ retry: { maxAttempts: 1 } });
    await setCap(harness);
    await harness.upstream.stop();
    await harness.post('/v1/chat/completions', body);
    await harness.post('/v1/chat/completions', streamed);
    expect(await harness.firstBooking()).toMatchObject({
      ...{ inputTokens: 0, outputTokens: 0, failedInvocations: 2 },
    });
    expect(await usedTokens(harness)).toBe(0);
  });

  it.each([body, streamed])(
    'costs nothing: hung up while it waits to try again',
    async sent => {
      harness = await startHarness({ retry: { baseDelayMs: 5000 } });
      await setCap(harness);
      const arrived = new Promise<void>(resolve => {
        harness.upstream.behave = (request, response) => {
          response.on('close', () => setTimeout(resolve, 50));
          answerJson(500, {})(request, response);
        };
      });
      const booked = await leaveWaiting(
        harness,
        '/v1/chat/completions',
        sent,
        arrived,
      );
      expect(booked).toMatchObject({
        ...{ inputTokens: 0, outputTokens: 0, failedInvocations: 0 },
      });
      expect(await usedTokens(harness)).toBe(0);
    },
  );

  it.each([body, streamed])(
    'costs nothing: the server takes no connection in time',
    async sent => {
      // Nobody answers there, and nobody refuses: TEST-NET-1.
      harness = await startHarness({
        ...{ retry: { maxAttempts: 1 }, callDeadlineMs: 200 },
        upstreams: [
          {
            ...{ id: 'far', baseUrl: 'http://192.0.2.1:9/v1' },
            models: [{ id: 'stub-chat', kind: 'text' }],
          },
        ],
        models: ['stub-chat'],
      });
      await setCap(harness);
      await harness.post('/v1/chat/completions', sent);
      expect(await harness.firstBooking()).toMatchObject({
        ...{ inputTokens: 0, outputTokens: 0 },
      });
      expect(await usedTokens(harness)).toBe(0);
    },
    15_000,
  );
});

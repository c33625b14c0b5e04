import { Harness, startHarness } from '../testing/harness';
import {
  answerJson,
  DONE,
  startStream,
  textChunk,
} from '../testing/StubUpstream';
import {
  expectInput,
  leaveStream,
  leaveWaiting,
  setCap,
  silence,
  usedTokens,
  vision,
  WHOLE_CALLS,
} from '../testing/uncountedCalls';

let harness: Harness;
afterEach(() => harness.close());

describe('an upstream that does not count', () => {
  beforeEach(async () => {
    harness = await startHarness({ retry: { maxAttempts: 1 } });
  });

  it.each(['hung up', 'read to its end', 'broken'])(
    'is booked with text, tools and images of a stream: %s',
    async how => {
      await setCap(harness);
      harness.upstream.behave = (_request, response) => {
        startStream(response).write(textChunk('One') + textChunk('Two'));
        if (how === 'read to its end') response.end(DONE);
        if (how === 'broken') setTimeout(() => response.destroy(), 50);
      };
      const { inputTokens, outputTokens } = await leaveStream(
        harness,
        '/v1/chat/completions',
        { model: 'stub-chat', ...vision(1, { stream: true }) },
      );
      expectInput(inputTokens, 1);
      expect(outputTokens).toBe(2);
      expect(await usedTokens(harness)).toBe(inputTokens + outputTokens);
    },
  );

  it.each(WHOLE_CALLS)(
    'is booked with text, tools and images of %s',
    async (url, body) => {
      await setCap(harness);
      const message = { role: 'assistant', content: 'one two three' };
      harness.upstream.behave = answerJson(200, {
        choices: [{ message, finish_reason: 'stop' }],
      });
      expect((await harness.post(url, body)).statusCode).toBe(200);
      const { inputTokens, outputTokens } = await harness.firstBooking();
      expectInput(inputTokens, 2);
      expect(outputTokens).toBe(3);
    },
  );

  it('is booked with no more than was reserved', async () => {
    await setCap(harness);
    const content = '.;'.repeat(30);
    harness.upstream.behave = answerJson(200, {
      choices: [{ message: { role: 'assistant', content } }],
    });
    const messages = [{ role: 'user', content: '!?'.repeat(300) }];
    await harness.post('/v1/chat/completions', {
      ...{ model: 'stub-chat', messages, max_tokens: 20, n: 2 },
    });
    expect(await harness.firstBooking()).toMatchObject({
      inputTokens: 200,
      outputTokens: 40,
    });
    await harness.model.limits.setLimits({});
    await harness.post('/v1/chat/completions', {
      ...{ model: 'stub-chat', messages, max_tokens: 20, n: 2 },
    });
    expect(await harness.firstBooking()).toMatchObject({
      inputTokens: 800,
      outputTokens: 100,
    });
  });

  it.each([
    ['a text', 'one two three', 3],
    ['texts', ['one two', 'three'], 3],
    ['tokens', [1, 2, 3, 4, 5], 5],
    ['many tokens', [Array(400).fill(7), Array(400).fill(8)], 800],
  ])('is booked with what is to be embedded: %s', async (_, input, tokens) => {
    await setCap(harness);
    harness.upstream.behave = answerJson(200, { data: [], object: 'list' });
    await harness.post('/v1/embeddings', { model: 'stub-embed', input });
    expect(await harness.firstBooking()).toMatchObject({
      inputTokens: tokens,
      outputTokens: 0,
    });
  });
});

describe('an answer in one piece that nobody sees', () => {
  const start = async (more: object = {}) => {
    harness = await startHarness({ retry: { maxAttempts: 1 }, ...more });
  };

  it.each(WHOLE_CALLS)(
    'is held to be as long as was reserved where a limit holds: %s, hung up',
    async (url, body) => {
      await start();
      await setCap(harness);
      const arrived = silence(harness.upstream);
      const { inputTokens, ...booked } = await leaveWaiting(
        harness,
        url,
        body,
        arrived,
      );
      expectInput(inputTokens, 2);
      expect(booked).toMatchObject({ outputTokens: 700, failedInvocations: 0 });
      expect(await usedTokens(harness)).toBe(inputTokens + 700);
    },
  );

  it('counts each of the answers that are asked for', async () => {
    await start();
    await setCap(harness);
    const arrived = silence(harness.upstream);
    const body = { model: 'stub-chat', ...vision(0, { n: 3 }) };
    const booked = await leaveWaiting(
      harness,
      '/v1/chat/completions',
      body,
      arrived,
    );
    expect(booked.outputTokens).toBe(2100);
  });

  it.each(WHOLE_CALLS)(
    'is held to be as long where a limit holds: %s, not in time',
    async (url, body) => {
      await start({ callDeadlineMs: 600 });
      await setCap(harness);
      void silence(harness.upstream);
      expect((await harness.post(url, body)).statusCode).toBe(504);
      const { inputTokens, ...booked } = await harness.firstBooking();
      expectInput(inputTokens, 2);
      expect(booked).toMatchObject({ outputTokens: 700, failedInvocations: 1 });
      expect(await usedTokens(harness)).toBe(inputTokens + 700);
    },
  );

  it('is held to be as long where the connection breaks', async () => {
    await start();
    await setCap(harness);
    harness.upstream.behave = (_request, response) => response.destroy();
    await harness.post('/v1/chat/completions', {
      ...{ model: 'stub-chat', ...vision(0) },
    });
    expect(await harness.firstBooking()).toMatchObject({ outputTokens: 700 });
  });

  it.each([{}, { requestsPerMinute: 10 }])(
    'is held to be nothing where no limit of tokens holds: %j',
    async limits => {
      await start({ callDeadlineMs: 600 });
      await harness.model.limits.setLimits(limits);
      void silence(harness.upstream);
      await harness.post(...WHOLE_CALLS[0]);
      const { inputTokens, outputTokens } = await harness.firstBooking();
      expectInput(inputTokens, 2);
      expect(outputTokens).toBe(0);
    },
  );

  it('has no length of vectors', async () => {
    await start();
    await setCap(harness);
    const arrived = silence(harness.upstream);
    const body = { model: 'stub-embed', input: ['one two', 'three'] };
    expect(
      await leaveWaiting(harness, '/v1/embeddings', body, arrived),
    ).toMatchObject({
      inputTokens: 3,
      outputTokens: 0,
    });
  });
});

describe('a stream that had not begun', () => {
  it('is booked with what was asked when it comes not in time', async () => {
    harness = await startHarness({
      ...{ retry: { maxAttempts: 1 }, callDeadlineMs: 600 },
    });
    await setCap(harness);
    void silence(harness.upstream);
    const body = { model: 'stub-chat', ...vision(1, { stream: true }) };
    const answer = await harness.post('/v1/chat/completions', body);
    expect(answer.statusCode).toBe(504);
    const { inputTokens, outputTokens } = await harness.firstBooking();
    expectInput(inputTokens, 1);
    expect(outputTokens).toBe(0);
  });
});

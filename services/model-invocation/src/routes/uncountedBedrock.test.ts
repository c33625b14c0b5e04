import {
  event,
  startEventStream,
} from '../adapters/aws/bedrock/testing/eventStream';
import {
  answerException,
  type FakeBedrock,
} from '../adapters/aws/bedrock/testing/FakeBedrock';
import { startFakeProvider } from '../adapters/aws/bedrock/testing/startFakeProvider';
import { Harness, startHarness } from '../testing/harness';
import {
  expectInput,
  IMAGE,
  IMAGE_TOKENS,
  leaveStream,
  leaveWaiting,
  setCap,
  silence,
  TEXT,
  usedTokens,
  vision,
} from '../testing/uncountedCalls';

describe('a model of Bedrock', () => {
  let harness: Harness;
  let bedrock: FakeBedrock;
  let stopFake: () => Promise<void>;
  const start = async (
    options: Parameters<typeof startFakeProvider>[0] = {},
  ) => {
    const fake = await startFakeProvider(options);
    ({ bedrock, stop: stopFake } = fake);
    harness = await startHarness({
      providers: [fake.provider],
      models: ['nova', 'titan'],
      retry: { maxAttempts: 1 },
      prices: { nova: { input: 1, output: 1 }, titan: { input: 1, output: 0 } },
    });
    await setCap(harness);
  };
  afterEach(async () => {
    await harness.close();
    await stopFake();
  });

  const body = { model: 'nova', ...vision(20) };
  const small = { model: 'nova', ...vision(2) };

  it('is booked with images and tools when the caller goes before it is counted', async () => {
    await start();
    bedrock.behave = (_call, response) => {
      const delta = { contentBlockIndex: 0, delta: { text: 'One two' } };
      startEventStream(response);
      response.write(event('messageStart', { role: 'assistant' }));
      response.write(event('contentBlockDelta', delta));
    };
    const { inputTokens, outputTokens } = await leaveStream(
      harness,
      '/v1/chat/completions',
      { ...body, stream: true },
    );
    expectInput(inputTokens, 20);
    expect(outputTokens).toBe(2);
    expect(await usedTokens(harness)).toBe(inputTokens + 2);
  });

  it('is held to have answered as much as was reserved when the caller goes', async () => {
    await start();
    const arrived = silence(bedrock);
    const { inputTokens, outputTokens } = await leaveWaiting(
      harness,
      '/v1/chat/completions',
      small,
      arrived,
    );
    expectInput(inputTokens, 2);
    expect(outputTokens).toBe(700);
  });

  it.each([false, true])(
    'is booked when it does not answer in time; streamed: %s',
    async stream => {
      await start({ deadlineMs: 600 });
      void silence(bedrock);
      const sent = { ...small, stream };
      const answer = await harness.post('/v1/chat/completions', sent);
      expect(answer.statusCode).toBe(504);
      const { inputTokens, outputTokens } = await harness.firstBooking();
      expectInput(inputTokens, 2);
      expect(outputTokens).toBe(stream ? 0 : 700);
    },
  );

  it.each([false, true])(
    'costs nothing while credentials are waited for; streamed: %s',
    async stream => {
      let asked = () => {};
      const arrived = new Promise<void>(resolve => {
        asked = resolve;
      });
      await start({
        credentials: () => {
          asked();
          return new Promise(() => {});
        },
      });
      const sent = { ...small, stream };
      const booked = await leaveWaiting(
        harness,
        '/v1/chat/completions',
        sent,
        arrived,
      );
      expect(booked).toMatchObject({ inputTokens: 0, outputTokens: 0 });
      expect(await usedTokens(harness)).toBe(0);
    },
  );

  it.each([
    [400, 'ValidationException'],
    [408, 'ModelTimeoutException'],
    [429, 'ThrottlingException'],
    [503, 'ServiceUnavailableException'],
  ])('costs nothing when it refuses: %s %s', async (status, name) => {
    await start();
    bedrock.behave = answerException(status, name, 'No.');
    for (const stream of [false, true]) {
      await harness.post('/v1/chat/completions', { ...small, stream });
    }
    expect(await harness.firstBooking()).toMatchObject({
      inputTokens: 0,
      outputTokens: 0,
    });
    expect(await usedTokens(harness)).toBe(0);
  });

  it('is booked in its own format with an image as an image', async () => {
    await start();
    const arrived = silence(bedrock);
    const source = { bytes: IMAGE.split(',')[1] };
    const content = [{ text: TEXT }, { image: { format: 'png', source } }];
    const rawInput = {
      messages: [{ role: 'user', content }],
      inferenceConfig: { maxTokens: 50 },
    };
    const booked = await leaveWaiting(
      harness,
      '/model/invoke_with_raw_input',
      { model_id: 'nova', raw_input: rawInput },
      arrived,
    );
    expect(booked).toMatchObject({
      ...{ inputTokens: 100 + IMAGE_TOKENS, outputTokens: 50 },
    });
  });

  it('is booked with texts that were embedded in part', async () => {
    await start();
    let calls = 0;
    const { behave } = bedrock;
    const arrived = new Promise<void>(resolve => {
      bedrock.behave = (call, response) => {
        calls += 1;
        if (calls <= 8) behave(call, response);
        else resolve();
      };
    });
    const body20 = { model: 'titan', input: Array(20).fill('one two') };
    const booked = await leaveWaiting(
      harness,
      '/v1/embeddings',
      body20,
      arrived,
    );
    expect(booked).toMatchObject({ inputTokens: 40, outputTokens: 0 });
  });
});

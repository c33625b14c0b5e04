import { request as httpRequest } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
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
  answerJson,
  DONE,
  startStream,
  textChunk,
} from '../testing/StubUpstream';

const CAP = 1_000_000;
const IMAGE = `data:image/png;base64,${'iVBORw0K'.repeat(125_000)}`;
const SMALL_IMAGE = IMAGE.slice(0, 40_022);
const IMAGE_TOKENS = 1600;
/** 100 tokens. */
const TEXT = 'What is this ?'.padEnd(14 + 96 * 5, ' word');
const TOOL_NAMES = Array.from({ length: 20 }, (_, nr) => `tool_${nr}`);
const TOOLS = TOOL_NAMES.map(name => ({
  type: 'function',
  function: {
    name,
    description: 'Looks up what a city is like in the given month',
    parameters: { type: 'object', properties: { city: { type: 'string' } } },
  },
}));

function vision(images: number, more: object = {}) {
  const image = {
    type: 'image_url',
    image_url: { url: images === 1 ? IMAGE : SMALL_IMAGE },
  };
  const content = [{ type: 'text', text: TEXT }, ...Array(images).fill(image)];
  const messages = [{ role: 'user', content }];
  return { messages, tools: TOOLS, max_tokens: 700, ...more };
}

/** Tokens of `vision(images)`: a schema of ours has 150 to 200 bytes. */
function expectInput(inputTokens: number, images: number) {
  const least = 100 + images * IMAGE_TOKENS + TOOLS.length * 30;
  expect(inputTokens).toBeGreaterThan(least);
  expect(inputTokens).toBeLessThan(least + TOOLS.length * 40);
}

let harness: Harness;
const closers: Array<() => Promise<void> | void> = [];
afterEach(async () => {
  await harness.close();
  for (const close of closers.splice(0)) await close();
});

/** Sends a request over a connection that the caller can break. */
async function open(url: string, body: object) {
  const { fastify } = harness.app;
  const address = fastify.server.listening
    ? (fastify.server.address() as AddressInfo)
    : await harness.app.listen({ host: '127.0.0.1', port: 0 });
  const request = httpRequest({
    ...{ host: '127.0.0.1', port: address.port, method: 'POST', path: url },
    agent: false,
    headers: {
      ...(await harness.auth.bearer()),
      'content-type': 'application/json',
    },
  });
  request.on('error', () => {});
  request.on('response', response => response.on('error', () => {}));
  request.end(JSON.stringify(body));
  return request;
}

/** Hangs up once something of the answer has come. */
async function leaveStream(url: string, body: object) {
  const request = await open(url, body);
  const [response] = await once(request, 'response');
  await once(response, 'data');
  request.destroy();
  return booking();
}

/** Hangs up once the upstream has the request. */
async function leaveWaiting(
  url: string,
  body: object,
  arrived: Promise<unknown>,
) {
  const request = await open(url, body);
  await arrived;
  request.destroy();
  return booking();
}

async function booking() {
  for (;;) {
    const [booked] = await harness.booked();
    if (booked) return booked;
    await new Promise(setImmediate);
  }
}

/** Resolves when a request has come that is never answered. */
function silence(upstream: { behave: (...args: any[]) => void }) {
  return new Promise<void>(resolve => {
    upstream.behave = () => resolve();
  });
}

const setCap = () => harness.model.limits.setLimits({ tokensPerDay: CAP });
const used = async () => (await harness.model.limits.getState())[0].used;

const WHOLE: Array<[string, object]> = [
  ['/v1/chat/completions', { model: 'stub-chat', ...vision(2) }],
  [
    '/v1/messages',
    {
      model: 'stub-chat',
      max_tokens: 700,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: TEXT },
            ...Array(2).fill({
              type: 'image',
              source: {
                ...{ type: 'base64', media_type: 'image/png' },
                data: SMALL_IMAGE.split(',')[1],
              },
            }),
          ],
        },
      ],
      tools: TOOLS.map(({ function: { parameters, ...tool } }) => ({
        ...tool,
        input_schema: parameters,
      })),
    },
  ],
];

describe('an upstream that does not count', () => {
  beforeEach(async () => {
    harness = await startHarness({ retry: { maxAttempts: 1 } });
  });

  it.each(['hung up', 'read to its end', 'broken'])(
    'is booked with text, tools and images of a stream: %s',
    async how => {
      await setCap();
      harness.upstream.behave = (_request, response) => {
        startStream(response).write(textChunk('One') + textChunk('Two'));
        if (how === 'read to its end') response.end(DONE);
        if (how === 'broken') setTimeout(() => response.destroy(), 50);
      };
      const { inputTokens, outputTokens } = await leaveStream(
        '/v1/chat/completions',
        { model: 'stub-chat', ...vision(1, { stream: true }) },
      );
      expectInput(inputTokens, 1);
      expect(outputTokens).toBe(2);
      expect(await used()).toBe(inputTokens + outputTokens);
    },
  );

  it.each(WHOLE)(
    'is booked with text, tools and images of %s',
    async (url, body) => {
      await setCap();
      const message = { role: 'assistant', content: 'one two three' };
      harness.upstream.behave = answerJson(200, {
        choices: [{ message, finish_reason: 'stop' }],
      });
      expect((await harness.post(url, body)).statusCode).toBe(200);
      const { inputTokens, outputTokens } = await booking();
      expectInput(inputTokens, 2);
      expect(outputTokens).toBe(3);
    },
  );

  it('is booked with no more than was reserved', async () => {
    await setCap();
    const content = '.;'.repeat(30);
    harness.upstream.behave = answerJson(200, {
      choices: [{ message: { role: 'assistant', content } }],
    });
    const messages = [{ role: 'user', content: '!?'.repeat(300) }];
    await harness.post('/v1/chat/completions', {
      ...{ model: 'stub-chat', messages, max_tokens: 20, n: 2 },
    });
    expect(await booking()).toMatchObject({
      inputTokens: 200,
      outputTokens: 40,
    });
    await harness.model.limits.setLimits({});
    await harness.post('/v1/chat/completions', {
      ...{ model: 'stub-chat', messages, max_tokens: 20, n: 2 },
    });
    expect(await booking()).toMatchObject({
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
    await setCap();
    harness.upstream.behave = answerJson(200, { data: [], object: 'list' });
    await harness.post('/v1/embeddings', { model: 'stub-embed', input });
    expect(await booking()).toMatchObject({
      inputTokens: tokens,
      outputTokens: 0,
    });
  });
});

describe('an answer in one piece that nobody sees', () => {
  const start = async (more: object = {}) => {
    harness = await startHarness({ retry: { maxAttempts: 1 }, ...more });
  };

  it.each(WHOLE)(
    'is held to be as long as was reserved where a limit holds: %s, hung up',
    async (url, body) => {
      await start();
      await setCap();
      const arrived = silence(harness.upstream);
      const { inputTokens, ...booked } = await leaveWaiting(url, body, arrived);
      expectInput(inputTokens, 2);
      expect(booked).toMatchObject({ outputTokens: 700, failedInvocations: 0 });
      expect(await used()).toBe(inputTokens + 700);
    },
  );

  it('counts each of the answers that are asked for', async () => {
    await start();
    await setCap();
    const arrived = silence(harness.upstream);
    const body = { model: 'stub-chat', ...vision(0, { n: 3 }) };
    const booked = await leaveWaiting('/v1/chat/completions', body, arrived);
    expect(booked.outputTokens).toBe(2100);
  });

  it.each(WHOLE)(
    'is held to be as long where a limit holds: %s, not in time',
    async (url, body) => {
      await start({ callDeadlineMs: 600 });
      await setCap();
      void silence(harness.upstream);
      expect((await harness.post(url, body)).statusCode).toBe(504);
      const { inputTokens, ...booked } = await booking();
      expectInput(inputTokens, 2);
      expect(booked).toMatchObject({ outputTokens: 700, failedInvocations: 1 });
      expect(await used()).toBe(inputTokens + 700);
    },
  );

  it('is held to be as long where the connection breaks', async () => {
    await start();
    await setCap();
    harness.upstream.behave = (_request, response) => response.destroy();
    await harness.post('/v1/chat/completions', {
      ...{ model: 'stub-chat', ...vision(0) },
    });
    expect(await booking()).toMatchObject({ outputTokens: 700 });
  });

  it.each([{}, { requestsPerMinute: 10 }])(
    'is held to be nothing where no limit of tokens holds: %j',
    async limits => {
      await start({ callDeadlineMs: 600 });
      await harness.model.limits.setLimits(limits);
      void silence(harness.upstream);
      await harness.post(...WHOLE[0]);
      const { inputTokens, outputTokens } = await booking();
      expectInput(inputTokens, 2);
      expect(outputTokens).toBe(0);
    },
  );

  it('has no length of vectors', async () => {
    await start();
    await setCap();
    const arrived = silence(harness.upstream);
    const body = { model: 'stub-embed', input: ['one two', 'three'] };
    expect(await leaveWaiting('/v1/embeddings', body, arrived)).toMatchObject({
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
    await setCap();
    void silence(harness.upstream);
    const body = { model: 'stub-chat', ...vision(1, { stream: true }) };
    const answer = await harness.post('/v1/chat/completions', body);
    expect(answer.statusCode).toBe(504);
    const { inputTokens, outputTokens } = await booking();
    expectInput(inputTokens, 1);
    expect(outputTokens).toBe(0);
  });
});

describe('a call that no model has read', () => {
  const body = { model: 'stub-chat', ...vision(1) };
  const streamed = { ...body, stream: true };

  it.each([400, 403, 408, 413, 429, 500, 503, 504])(
    'costs nothing: refused with %s',
    async status => {
      harness = await startHarness({ retry: { maxAttempts: 1 } });
      await setCap();
      harness.upstream.behave = answerJson(status, {});
      await harness.post('/v1/chat/completions', body);
      await harness.post('/v1/chat/completions', streamed);
      expect(await booking()).toMatchObject({
        ...{ inputTokens: 0, outputTokens: 0, failedInvocations: 2 },
      });
      expect(await used()).toBe(0);
    },
  );

  it('costs nothing: no connection', async () => {
    harness = await startHarness({ retry: { maxAttempts: 1 } });
    await setCap();
    await harness.upstream.stop();
    await harness.post('/v1/chat/completions', body);
    await harness.post('/v1/chat/completions', streamed);
    expect(await booking()).toMatchObject({
      ...{ inputTokens: 0, outputTokens: 0, failedInvocations: 2 },
    });
    expect(await used()).toBe(0);
  });

  it.each([body, streamed])(
    'costs nothing: hung up while it waits to try again',
    async sent => {
      harness = await startHarness({ retry: { baseDelayMs: 5000 } });
      await setCap();
      const arrived = new Promise<void>(resolve => {
        harness.upstream.behave = (request, response) => {
          response.on('close', () => setTimeout(resolve, 50));
          answerJson(500, {})(request, response);
        };
      });
      const booked = await leaveWaiting('/v1/chat/completions', sent, arrived);
      expect(booked).toMatchObject({
        ...{ inputTokens: 0, outputTokens: 0, failedInvocations: 0 },
      });
      expect(await used()).toBe(0);
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
      await setCap();
      await harness.post('/v1/chat/completions', sent);
      expect(await booking()).toMatchObject({
        ...{ inputTokens: 0, outputTokens: 0 },
      });
      expect(await used()).toBe(0);
    },
    15_000,
  );
});

describe('a model of Bedrock', () => {
  let bedrock: FakeBedrock;
  const start = async (
    options: Parameters<typeof startFakeProvider>[0] = {},
  ) => {
    const fake = await startFakeProvider(options);
    ({ bedrock } = fake);
    closers.push(() => fake.stop());
    harness = await startHarness({
      providers: [fake.provider],
      models: ['nova', 'titan'],
      retry: { maxAttempts: 1 },
      prices: { nova: { input: 1, output: 1 }, titan: { input: 1, output: 0 } },
    });
    await setCap();
  };
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
      '/v1/chat/completions',
      { ...body, stream: true },
    );
    expectInput(inputTokens, 20);
    expect(outputTokens).toBe(2);
    expect(await used()).toBe(inputTokens + 2);
  });

  it('is held to have answered as much as was reserved when the caller goes', async () => {
    await start();
    const arrived = silence(bedrock);
    const { inputTokens, outputTokens } = await leaveWaiting(
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
      const { inputTokens, outputTokens } = await booking();
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
      const booked = await leaveWaiting('/v1/chat/completions', sent, arrived);
      expect(booked).toMatchObject({ inputTokens: 0, outputTokens: 0 });
      expect(await used()).toBe(0);
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
    expect(await booking()).toMatchObject({ inputTokens: 0, outputTokens: 0 });
    expect(await used()).toBe(0);
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
    const booked = await leaveWaiting('/v1/embeddings', body20, arrived);
    expect(booked).toMatchObject({ inputTokens: 40, outputTokens: 0 });
  });
});

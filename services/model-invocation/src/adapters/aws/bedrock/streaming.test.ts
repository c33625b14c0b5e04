import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { CallCancelledError, Cancellation } from '../../../domain/Cancellation';
import type { GenerationPart } from '../../../domain/Model';
import { UpstreamSockets } from '../../../testing/UpstreamSockets';
import type {
  BedrockModelProvider,
  BedrockModelProviderOptions,
} from './BedrockModelProvider';
import {
  event,
  exceptionEvent,
  startEventStream,
  textEvents,
} from './testing/eventStream';
import { answerException, type FakeBedrock } from './testing/FakeBedrock';
import { startFakeProvider } from './testing/startFakeProvider';

const request = {
  model: 'claude',
  messages: [{ role: 'user' as const, content: 'Hi there' }],
};
const USAGE = { inputTokens: 3, outputTokens: 2 };
const EVENTS = textEvents(['Hello ', 'world'], USAGE);
const FIRST = Buffer.concat(EVENTS.slice(0, 2));

describe('streams of Bedrock', () => {
  let bedrock: FakeBedrock;
  let provider: BedrockModelProvider;
  let stop: () => Promise<void>;
  let sockets: UpstreamSockets;

  async function start(options: Partial<BedrockModelProviderOptions> = {}) {
    ({ bedrock, provider, stop } = await startFakeProvider(options));
  }
  beforeEach(() => {
    sockets = new UpstreamSockets();
    return start();
  });
  afterEach(() => {
    sockets.stop();
    return stop();
  });

  const stream = (cancellation = new Cancellation()) =>
    provider.stream(request, cancellation)[Symbol.asyncIterator]();

  /** Sends bytes and goes on; the response stays open. */
  function serve(...bytes: Buffer[]): Promise<ServerResponse> {
    return new Promise(resolve => {
      bedrock.behave = (_call, response) => {
        startEventStream(response);
        for (const each of bytes) response.write(each);
        resolve(response);
      };
    });
  }
  /** What a stream says until it fails. */
  async function readUntilFailure() {
    const parts: GenerationPart[] = [];
    try {
      for await (const part of { [Symbol.asyncIterator]: () => stream() }) {
        parts.push(part);
      }
    } catch (error) {
      return { parts, error: error as Error };
    }
    throw new Error('It did not fail');
  }

  it('are not asked for before somebody reads', async () => {
    provider.stream(request, new Cancellation());
    await provider.generate(request, new Cancellation());
    expect(bedrock.received.map(({ path }) => path.split('/').at(-1))).toEqual([
      'converse',
    ]);
  });

  it('pass each event on as it comes', async () => {
    const opened = serve(FIRST);
    const parts = stream();
    expect((await parts.next()).value).toEqual({
      type: 'text-delta',
      text: 'Hello ',
    });
    const response = await opened;
    response.write(EVENTS[2].subarray(0, 10));
    response.write(EVENTS[2].subarray(10));
    expect((await parts.next()).value).toMatchObject({ text: 'world' });
    response.end(Buffer.concat(EVENTS.slice(3)));
    expect((await parts.next()).value).toEqual({
      type: 'finish',
      finishReason: 'stop',
      ...USAGE,
    });
    expect(await parts.next()).toEqual({ done: true, value: undefined });
  });

  it('end with the last part, though the connection stays open', async () => {
    await Promise.all([
      serve(Buffer.concat(EVENTS)),
      (async () => {
        const parts = stream();
        for (let part = 0; part < 3; part++) await parts.next();
        expect(await parts.next()).toEqual({ done: true, value: undefined });
      })(),
    ]);
  });

  it('are aborted before anything else is done when the caller hangs up', async () => {
    const opened = serve(FIRST);
    const cancellation = new Cancellation();
    const parts = stream(cancellation);
    await parts.next();
    const waiting = parts.next();
    const response = await opened;
    const closed = once(response, 'close');
    const socket = sockets.open(bedrock.endpoint);
    cancellation.cancel();
    // No turn of the event loop in between.
    expect(socket.destroyed).toBe(true);
    await expect(waiting).rejects.toBeInstanceOf(CallCancelledError);
    await closed;
    expect(response.writableFinished).toBe(false);
    expect(await parts.next()).toEqual({ done: true, value: undefined });
  });

  it('are aborted when the reader stops', async () => {
    const opened = serve(FIRST);
    for await (const part of provider.stream(request, new Cancellation())) {
      expect(part.type).toBe('text-delta');
      break;
    }
    await opened;
    await bedrock.hungUp;
  });

  it('say nothing more after a hang-up, even what was read already', async () => {
    const opened = serve(Buffer.concat(EVENTS.slice(0, 3)));
    const cancellation = new Cancellation();
    const parts = stream(cancellation);
    await parts.next();
    await opened;
    cancellation.cancel();
    await expect(parts.next()).rejects.toBeInstanceOf(CallCancelledError);
  });

  it('send nothing when the caller is gone before', async () => {
    const cancellation = new Cancellation();
    cancellation.cancel();
    await expect(stream(cancellation).next()).rejects.toBeInstanceOf(
      CallCancelledError,
    );
    expect(bedrock.received).toHaveLength(0);
  });

  it('let the caller go while credentials are fetched', async () => {
    await stop();
    await start({ credentials: () => new Promise(() => {}) });
    const cancellation = new Cancellation();
    const waiting = stream(cancellation).next();
    cancellation.cancel();
    await expect(waiting).rejects.toBeInstanceOf(CallCancelledError);
    expect(bedrock.received).toHaveLength(0);
  });

  it('stop reading when the reader is slow', async () => {
    const chunk = event('contentBlockDelta', {
      contentBlockIndex: 0,
      delta: { text: 'x'.repeat(10_000) },
    });
    const total = 6000;
    let sent = 0;
    bedrock.behave = async (_call, response) => {
      startEventStream(response);
      for (; sent < total; sent++) {
        if (!response.write(chunk)) await once(response, 'drain');
      }
      response.end(Buffer.concat(EVENTS.slice(-2)));
    };
    const parts = stream();
    await parts.next();
    // All that could move has moved when this has been the same for some turns.
    let seen = -1;
    while (seen !== sent) {
      seen = sent;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    expect(sent).toBeLessThan(total / 2);

    let count = 1;
    for (;;) {
      const { done, value } = await parts.next();
      if (done) break;
      if (value.type === 'text-delta') count += 1;
    }
    expect(count).toBe(total);
  });

  it('end at the deadline', async () => {
    await stop();
    await start({ deadlineMs: 800 });
    serve(FIRST);
    const { parts, error } = await readUntilFailure();
    expect(parts).toHaveLength(1);
    expect(error).toMatchObject({ code: 'model_timeout', retryable: true });
    await bedrock.hungUp;
  });

  it('end when Bedrock is silent for too long', async () => {
    await stop();
    await start({ idleTimeoutMs: 800 });
    serve(FIRST);
    const { parts, error } = await readUntilFailure();
    expect(parts).toHaveLength(1);
    expect(error).toMatchObject({ code: 'model_timeout' });
  });

  it.each([
    ['throttlingException', 'model_rate_limited'],
    ['modelStreamErrorException', 'model_failed'],
    ['internalServerException', 'model_failed'],
    ['serviceUnavailableException', 'model_unavailable'],
    ['validationException', 'model_refused_request'],
  ])('tell an exception in the middle: %s', async (name, code) => {
    serve(FIRST, exceptionEvent(name, 'arn:aws:bedrock:eu:123456789012:x'));
    const { parts, error } = await readUntilFailure();
    expect(parts).toEqual([{ type: 'text-delta', text: 'Hello ' }]);
    expect(error).toMatchObject({ code });
    expect(error.message).not.toMatch(/arn:|\d{12}/);
    await bedrock.hungUp;
  });

  it('tell a refusal before the first event', async () => {
    bedrock.behave = answerException(429, 'ThrottlingException', 'Slow down', {
      'retry-after': '9',
    });
    const { error } = await readUntilFailure();
    expect(error).toMatchObject({
      name: 'LimitExceededError',
      retryAfterSeconds: 9,
    });
  });

  it('count by estimate when only the count is cut off', async () => {
    bedrock.behave = (_call, response) =>
      startEventStream(response).end(Buffer.concat(EVENTS).subarray(0, -1));
    const parts = [];
    for await (const part of provider.stream(request, new Cancellation())) {
      parts.push(part);
    }
    expect(parts.at(-1)).toEqual({
      type: 'finish',
      finishReason: 'stop',
      inputTokens: 2,
      outputTokens: 2,
      isEstimate: true,
    });
  });

  it.each([
    ['bytes that are no events', Buffer.from('x'.repeat(100))],
    ['a payload that is no JSON', Buffer.concat([FIRST, badPayload()])],
  ])('refuse %s', async (_, bytes) => {
    serve(bytes);
    const { error } = await readUntilFailure();
    expect(error).toMatchObject({ code: 'model_answer_garbled' });
    await bedrock.hungUp;
  });

  it.each([
    ['between two events', FIRST],
    ['within an event', FIRST.subarray(0, -1)],
    ['before the stop', Buffer.concat(EVENTS.slice(0, -2))],
  ])('notice when they are cut %s', async (_, bytes) => {
    bedrock.behave = (_call, response) => startEventStream(response).end(bytes);
    const { error } = await readUntilFailure();
    expect(error).toMatchObject({ code: 'model_stream_cut', retryable: true });
  });

  it('notice when the connection breaks', async () => {
    const opened = serve(FIRST);
    opened.then(response =>
      setImmediate(() => response.socket!.resetAndDestroy()),
    );
    const { error } = await readUntilFailure();
    expect(error).toMatchObject({ code: 'model_unavailable', retryable: true });
  });
});

/** Well framed, but not what an event holds. */
function badPayload(): Buffer {
  return event('metadata', { usage: { inputTokens: 'many' } });
}

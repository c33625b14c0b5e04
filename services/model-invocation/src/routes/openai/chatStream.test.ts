import { once } from 'node:events';
import {
  ClientRequest,
  IncomingMessage,
  request as httpRequest,
} from 'node:http';
import type { ServerResponse } from 'node:http';
import OpenAI from 'openai';
import {
  answerJson,
  DONE,
  startStream,
  StubUpstream,
  textChunk,
  USAGE_CHUNK,
} from '../../testing/StubUpstream';
import { UpstreamSockets } from '../../testing/UpstreamSockets';
import { Harness, startHarness } from '../../testing/harness';

const messages = [{ role: 'user' as const, content: 'Hi there' }];

describe('streaming a chat of an upstream', () => {
  let harness: Harness;
  let upstream: StubUpstream;
  let port: number;
  let token: string;

  beforeEach(async () => {
    harness = await startHarness();
    ({ upstream } = harness);
    ({ port } = await harness.app.listen({ host: '127.0.0.1', port: 0 }));
    token = await harness.auth.token();
  });
  afterEach(() => harness.close());

  /** Sends a streaming request over a real connection; resolves with the head. */
  async function open(
    more: object = {},
  ): Promise<{ request: ClientRequest; response: IncomingMessage }> {
    const request = httpRequest({
      host: '127.0.0.1',
      port,
      method: 'POST',
      path: '/v1/chat/completions',
      agent: false,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
      },
    });
    request.end(
      JSON.stringify({ model: 'stub-chat', messages, stream: true, ...more }),
    );
    const [response] = await once(request, 'response');
    return { request, response };
  }
  async function readAll(response: IncomingMessage): Promise<string> {
    response.setEncoding('utf8');
    let text = '';
    for await (const part of response) text += part;
    return text;
  }
  const next = async (response: IncomingMessage) =>
    String((await once(response, 'data'))[0]);
  const stream =
    (...parts: string[]) =>
    (_request: unknown, response: ServerResponse) => {
      startStream(response);
      for (const part of parts) response.write(part);
      response.end();
    };

  it('passes every event on at once', async () => {
    let server: ServerResponse | undefined;
    upstream.behave = (_request, response) => {
      server = startStream(response);
      server.write(textChunk('One'));
    };
    const { response } = await open();
    expect(response.headers['content-type']).toContain('text/event-stream');
    // The upstream writes the second event only after the first has arrived here.
    expect(await next(response)).toBe(textChunk('One'));
    server!.write(textChunk('Two'));
    expect(await next(response)).toBe(textChunk('Two'));
    server!.end(USAGE_CHUNK + DONE);
    expect(await readAll(response)).toBe(DONE);
  });

  it('asks for usage, books it, and keeps it from callers that did not ask', async () => {
    upstream.behave = stream(textChunk('A'), textChunk('B'), USAGE_CHUNK, DONE);
    const { response } = await open();
    expect(await readAll(response)).toBe(
      textChunk('A') + textChunk('B') + DONE,
    );
    expect(upstream.received[0].body.stream_options).toEqual({
      include_usage: true,
    });
    expect(await harness.booked()).toMatchObject([
      {
        invocations: 1,
        failedInvocations: 0,
        inputTokens: 11,
        outputTokens: 2,
      },
    ]);
  });

  it('passes usage on to callers that asked', async () => {
    upstream.behave = stream(textChunk('A'), USAGE_CHUNK, DONE);
    const { response } = await open({
      stream_options: { include_usage: true },
    });
    expect(await readAll(response)).toBe(textChunk('A') + USAGE_CHUNK + DONE);
  });

  it('hangs up on the upstream in the very moment in which the caller does', async () => {
    const sockets = new UpstreamSockets();
    upstream.behave = (_request, response) => {
      startStream(response).write(textChunk('One'));
    };
    const [{ request, response }, [, sent]] = await Promise.all([
      open(),
      once(harness.app.fastify.server, 'request'),
    ]);
    await next(response);
    const socket = sockets.open(upstream.baseUrl);
    sockets.stop();
    // Told after the service is, within the same turn of the event loop.
    const hungUp = new Promise<boolean>(resolve => {
      sent.once('close', () => resolve(socket.destroyed));
    });
    expect(socket.destroyed).toBe(false);
    request.destroy();
    expect(await hungUp).toBe(true);
    await upstream.hungUp;
  });

  it('hangs up on the upstream when the caller does, and books what was produced', async () => {
    upstream.behave = (_request, response) => {
      startStream(response).write(textChunk('One') + textChunk('Two'));
    };
    const { request, response } = await open();
    await next(response);
    request.destroy();
    await upstream.hungUp;
    const booked = await harness.firstBooking();
    expect(booked).toMatchObject({
      invocations: 1,
      failedInvocations: 0,
      outputTokens: 2,
    });
    expect(booked.inputTokens).toBeGreaterThan(0);
  });

  it('hangs up on the upstream when the caller does so before the first byte', async () => {
    let arrived = () => {};
    const waiting = new Promise<void>(resolve => {
      arrived = resolve;
    });
    upstream.behave = () => arrived();
    const request = httpRequest({
      host: '127.0.0.1',
      port,
      method: 'POST',
      path: '/v1/chat/completions',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
      },
    });
    request.on('error', () => {});
    request.end(JSON.stringify({ model: 'stub-chat', messages, stream: true }));
    await waiting;
    request.destroy();
    await upstream.hungUp;
    expect(await harness.firstBooking()).toMatchObject({
      invocations: 1,
      failedInvocations: 0,
      outputTokens: 0,
    });
  });

  it('hangs up on the upstream also when nothing is streamed', async () => {
    let arrived = () => {};
    const waiting = new Promise<void>(resolve => {
      arrived = resolve;
    });
    upstream.behave = () => arrived();
    const request = httpRequest({
      host: '127.0.0.1',
      port,
      method: 'POST',
      path: '/model/invoke',
      headers: { authorization: `Bearer ${token}` },
    });
    request.on('error', () => {});
    request.end(JSON.stringify({ model_name: 'stub-chat', prompt: 'x' }));
    await waiting;
    request.destroy();
    await upstream.hungUp;
    expect(await harness.firstBooking()).toMatchObject({
      invocations: 1,
      failedInvocations: 0,
      outputTokens: 0,
    });
    expect(harness.log.join('')).not.toContain('unexpectedly');
  });

  it('answers a refusal as an ordinary error', async () => {
    upstream.behave = answerJson(429, {}, { 'retry-after': '3' });
    const { response } = await open();
    expect(response.statusCode).toBe(429);
    expect(response.headers['retry-after']).toBe('3');
    expect(JSON.parse(await readAll(response)).error.type).toBe(
      'rate_limit_error',
    );
  });

  it('refuses an upstream that does not stream', async () => {
    upstream.behave = answerJson(200, { choices: [] });
    const { response } = await open();
    expect(response.statusCode).toBe(502);
    response.resume();
  });

  it('tells within the stream when the upstream breaks off', async () => {
    upstream.behave = (_request, response) => {
      startStream(response).write(textChunk('One'), () =>
        response.socket!.destroy(),
      );
    };
    const client = new OpenAI({
      baseURL: `http://127.0.0.1:${port}/v1`,
      apiKey: token,
      maxRetries: 0,
    });
    const answer = await client.chat.completions.create({
      model: 'stub-chat',
      messages,
      stream: true,
    });
    let text = '';
    await expect(
      (async () => {
        for await (const chunk of answer)
          text += chunk.choices[0].delta.content;
      })(),
    ).rejects.toMatchObject({ code: 'model_unavailable' });
    expect(text).toBe('One');
    expect(await harness.booked()).toMatchObject([
      { invocations: 1, failedInvocations: 1, outputTokens: 1 },
    ]);
  });

  it('tells within the stream when the upstream ends too early', async () => {
    upstream.behave = stream(textChunk('One'));
    const { response } = await open();
    const text = await readAll(response);
    expect(text).toContain('"code":"model_stream_cut"');
    expect(text).not.toContain('[DONE]');
  });

  it("passes the upstream's own error event on and books a failure", async () => {
    const event = 'data: {"error":{"message":"out of memory"}}\n\n';
    upstream.behave = stream(textChunk('One'), event);
    const { response } = await open();
    expect(await readAll(response)).toBe(textChunk('One') + event);
    expect(await harness.booked()).toMatchObject([{ failedInvocations: 1 }]);
  });

  it('delivers a long stream completely to a reader that is slow', async () => {
    const big = textChunk('x'.repeat(100_000));
    upstream.behave = stream(...Array(50).fill(big), USAGE_CHUNK, DONE);
    const { response } = await open();
    // Five megabytes do not fit into socket buffers: the relay has to wait for us.
    response.pause();
    while (upstream.received.length === 0) await harness.booked();
    const text = await readAll(response);
    expect(text.length).toBe(50 * big.length + DONE.length);
  });
});

import {
  answerStream,
  DONE,
  deltaChunk,
  textChunk,
  TOOL_CALL_STREAM,
  USAGE_CHUNK,
} from '../../testing/StubUpstream';
import {
  ask,
  weather,
  type Messages,
  startMessages,
} from './testing/startMessages';

describe('POST /v1/messages, streamed', () => {
  let harness: Messages['harness'];
  let client: Messages['client'];
  let scripted: Messages['scripted'];

  beforeEach(async () => {
    ({ harness, client, scripted } = await startMessages());
  });
  afterEach(() => harness.close());

  it('streams text and a tool call as the SDK reads them', async () => {
    harness.upstream.behave = answerStream(...TOOL_CALL_STREAM);
    const stream = client.messages.stream({ ...ask, tools: [weather] });
    const types: string[] = [];
    stream.on('streamEvent', event => types.push(event.type));
    const message = await stream.finalMessage();
    expect(message).toMatchObject({
      content: [
        { type: 'text', text: 'Let me look.' },
        { type: 'tool_use', id: 'call_1', input: { city: 'Bonn' } },
      ],
      stop_reason: 'tool_use',
      usage: { input_tokens: 11, output_tokens: 2 },
    });
    expect(types).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    expect(await harness.booked()).toMatchObject([
      { invocations: 1, inputTokens: 11, outputTokens: 2 },
    ]);
  });

  it('streams the thinking of a native model with its signature', async () => {
    scripted.parts = [
      { type: 'reasoning-delta', text: 'Hm.' },
      { type: 'reasoning-delta', text: '', signature: 'sig' },
      { type: 'text-delta', text: 'Yes' },
      {
        type: 'finish',
        finishReason: 'stop',
        stopSequence: 'END',
        inputTokens: 10,
        outputTokens: 3,
        cacheReadTokens: 4,
      },
    ];
    const stream = client.messages.stream({ ...ask, model: 'scripted' });
    expect(await stream.finalMessage()).toMatchObject({
      content: [
        { type: 'thinking', thinking: 'Hm.', signature: 'sig' },
        { type: 'text', text: 'Yes' },
      ],
      stop_reason: 'stop_sequence',
      stop_sequence: 'END',
      usage: { input_tokens: 6, cache_read_input_tokens: 4, output_tokens: 3 },
    });
  });

  it('tells within the stream when the model breaks off', async () => {
    harness.upstream.behave = answerStream(
      textChunk('One'),
      'data: {"error":{"message":"boom"}}\n\n',
    );
    const { body } = await harness.post('/v1/messages', {
      ...ask,
      stream: true,
    });
    expect(body).toContain('event: error\ndata: {"type":"error"');
    expect(body).not.toContain('message_stop');
    expect(body).not.toContain('boom');
    expect(await harness.booked()).toMatchObject([{ failedInvocations: 1 }]);
  });

  it('ends a stream whose server counts nothing with an estimate', async () => {
    harness.upstream.behave = answerStream(
      textChunk('One two'),
      deltaChunk({}, 'length'),
      DONE,
    );
    const stream = client.messages.stream(ask);
    const { usage, stop_reason: reason } = await stream.finalMessage();
    expect(reason).toBe('max_tokens');
    expect(usage).toMatchObject({ input_tokens: 1, output_tokens: 2 });
  });

  it('hangs up on the upstream when the caller does', async () => {
    let answered = () => {};
    const streaming = new Promise<void>(resolve => {
      answered = resolve;
    });
    harness.upstream.behave = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(textChunk('One'), () => answered());
    };
    const stream = client.messages.stream(ask);
    stream.on('error', () => {});
    stream.on('abort', () => {});
    await streaming;
    for await (const event of stream) {
      if (event.type === 'content_block_delta') break;
    }
    stream.abort();
    await harness.upstream.hungUp;
    expect(harness.upstream.received).toHaveLength(1);
  });

  it('keeps the usage event of the upstream to itself', async () => {
    harness.upstream.behave = answerStream(
      textChunk('A'),
      deltaChunk({}, 'stop'),
      USAGE_CHUNK,
      DONE,
    );
    const { body } = await harness.post('/v1/messages', {
      ...ask,
      stream: true,
    });
    expect(body).not.toContain('prompt_tokens');
    expect(body).toMatch(/event: message_stop\ndata: .*\n\n$/);
  });
});

import Anthropic from '@anthropic-ai/sdk';
import { Harness, startHarness } from '../../testing/harness';
import { ScriptedModelProvider } from '../../testing/ScriptedModelProvider';
import {
  answerCompletion,
  answerJson,
  answerStream,
  DONE,
  deltaChunk,
  textChunk,
  TOOL_CALL_COMPLETION,
  TOOL_CALL_STREAM,
  USAGE_CHUNK,
} from '../../testing/StubUpstream';

const PIXEL = 'iVBORw0KGgo=';
const weather = {
  name: 'weather',
  description: 'The weather of a city',
  input_schema: {
    type: 'object' as const,
    properties: { city: { type: 'string' } },
  },
};
const ask = {
  model: 'stub-chat',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'Hello' }],
};

describe('POST /v1/messages', () => {
  let harness: Harness;
  let client: Anthropic;
  let scripted: ScriptedModelProvider;

  beforeEach(async () => {
    scripted = new ScriptedModelProvider('scripted');
    harness = await startHarness({
      models: ['stub-chat', 'stub-embed', 'local.extractive', 'scripted'],
      providers: [scripted],
      prompts: {
        render: async (_clientId, { name, variables }) => ({
          text: `${name}: ${variables.topic}`,
          version: 1,
        }),
      },
    });
    const { port } = await harness.app.listen({ host: '127.0.0.1', port: 0 });
    client = new Anthropic({
      baseURL: `http://127.0.0.1:${port}`,
      authToken: await harness.auth.token(),
      apiKey: null,
      maxRetries: 0,
    });
  });
  afterEach(() => harness.close());

  it('answers through the official SDK and books the call', async () => {
    harness.upstream.behave = answerCompletion('Hi there.');
    const message = await client.messages.create({
      ...ask,
      system: [{ type: 'text', text: 'Be kind.' }],
      // Not in the SDK's types any more, but clients send it.
      ...{ temperature: 0 },
      stop_sequences: ['END'],
    });
    expect(message).toMatchObject({
      type: 'message',
      role: 'assistant',
      model: 'stub-chat',
      content: [{ type: 'text', text: 'Hi there.' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 11, output_tokens: 7 },
    });
    expect(harness.upstream.received[0].body).toEqual({
      model: 'stub-chat',
      max_tokens: 100,
      temperature: 0,
      stop: ['END'],
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'Hello' },
      ],
    });
    expect(await harness.booked()).toMatchObject([
      { model: 'stub-chat', inputTokens: 11, outputTokens: 7 },
    ]);
  });

  it('carries tools, results and images to an OpenAI-compatible server', async () => {
    harness.upstream.behave = answerJson(200, TOOL_CALL_COMPLETION);
    const message = await client.messages.create({
      ...ask,
      tools: [weather],
      tool_choice: { type: 'any' },
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Where is it?' },
            {
              type: 'image',
              source: { type: 'base64', media_type: 'image/png', data: PIXEL },
            },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'tool_use', id: 't1', name: 'weather', input: { a: 1 } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 't1', content: 'Rain' },
            { type: 'text', text: 'And in Bonn?' },
          ],
        },
      ],
    });
    expect(message.stop_reason).toBe('tool_use');
    expect(message.content).toEqual([
      {
        type: 'tool_use',
        id: 'call_1',
        name: 'weather',
        input: { city: 'Bonn' },
      },
    ]);
    expect(harness.upstream.received[0].body).toMatchObject({
      tool_choice: 'required',
      tools: [
        {
          type: 'function',
          function: { name: 'weather', parameters: weather.input_schema },
        },
      ],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Where is it?' },
            {
              type: 'image_url',
              image_url: { url: `data:image/png;base64,${PIXEL}` },
            },
          ],
        },
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            { id: 't1', function: { name: 'weather', arguments: '{"a":1}' } },
          ],
        },
        { role: 'tool', tool_call_id: 't1', content: 'Rain' },
        { role: 'user', content: [{ type: 'text', text: 'And in Bonn?' }] },
      ],
    });
  });

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

  it('gives a native model its thinking back', async () => {
    const thinking = { type: 'thinking', thinking: 'Hm.', signature: 'sig' };
    await harness.post('/v1/messages', {
      ...ask,
      model: 'scripted',
      messages: [
        { role: 'assistant', content: [thinking] },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 't1',
              content: [{ type: 'text', text: 'no' }],
              is_error: true,
            },
          ],
        },
      ],
    });
    expect(scripted.asked[0].messages).toEqual([
      {
        role: 'assistant',
        content: [{ type: 'reasoning', text: 'Hm.', signature: 'sig' }],
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: 't1',
            content: [{ type: 'text', text: 'no' }],
            isError: true,
          },
        ],
      },
    ]);
  });

  it('puts a prompt that is named before the messages', async () => {
    const { statusCode } = await harness.post('/v1/messages', {
      ...ask,
      model: 'scripted',
      prompt_template: { name: 'greet', variables: { topic: 'tea' } },
    });
    expect(statusCode).toBe(200);
    expect(scripted.asked[0].messages).toEqual([
      { role: 'user', content: 'greet: tea' },
      { role: 'user', content: 'Hello' },
    ]);
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

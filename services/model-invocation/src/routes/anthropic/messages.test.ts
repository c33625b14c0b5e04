import {
  answerCompletion,
  answerJson,
  TOOL_CALL_COMPLETION,
} from '../../testing/StubUpstream';
import {
  ask,
  weather,
  type Messages,
  startMessages,
} from './testing/startMessages';

const PIXEL = 'iVBORw0KGgo=';

describe('POST /v1/messages', () => {
  let harness: Messages['harness'];
  let client: Messages['client'];
  let scripted: Messages['scripted'];

  beforeEach(async () => {
    ({ harness, client, scripted } = await startMessages());
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
});

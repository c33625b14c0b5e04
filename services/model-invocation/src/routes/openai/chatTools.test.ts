import OpenAI from 'openai';
import { Harness, startHarness } from '../../testing/harness';
import { ScriptedModelProvider } from '../../testing/ScriptedModelProvider';
import { answerJson, TOOL_CALL_COMPLETION } from '../../testing/StubUpstream';

const tools = [
  {
    type: 'function' as const,
    function: {
      name: 'weather',
      description: 'The weather of a city',
      parameters: { type: 'object', properties: { city: { type: 'string' } } },
    },
  },
];
const user = { role: 'user' as const, content: 'Hello' };
const IMAGE = 'data:image/png;base64,iVBORw0KGgo=';

describe('chat completions of native models', () => {
  let harness: Harness;
  let scripted: ScriptedModelProvider;
  let client: OpenAI;
  beforeEach(async () => {
    scripted = new ScriptedModelProvider('scripted');
    harness = await startHarness({
      models: ['scripted', 'local.extractive', 'stub-chat'],
      providers: [scripted],
    });
    const { port } = await harness.app.listen({ host: '127.0.0.1', port: 0 });
    client = new OpenAI({
      baseURL: `http://127.0.0.1:${port}/v1`,
      apiKey: await harness.auth.token(),
      maxRetries: 0,
    });
  });
  afterEach(() => harness.close());

  it('carry images, tools, calls and results', async () => {
    await client.chat.completions.create({
      model: 'scripted',
      tools,
      tool_choice: { type: 'function', function: { name: 'weather' } },
      messages: [
        { role: 'developer', content: 'Be kind.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Where?' },
            { type: 'image_url', image_url: { url: IMAGE } },
          ],
        },
        {
          role: 'assistant',
          tool_calls: [
            {
              id: 'c1',
              type: 'function',
              function: { name: 'weather', arguments: '{"city":"Bonn"}' },
            },
          ],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'Rain' },
      ],
    });
    expect(scripted.asked[0]).toEqual({
      model: 'scripted',
      tools: [
        {
          name: 'weather',
          description: 'The weather of a city',
          inputSchema: tools[0].function.parameters,
        },
      ],
      toolChoice: { type: 'tool', toolName: 'weather' },
      messages: [
        { role: 'system', content: 'Be kind.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Where?' },
            { type: 'image', mediaType: 'image/png', data: 'iVBORw0KGgo=' },
          ],
        },
        {
          role: 'assistant',
          content: [
            {
              type: 'tool-call',
              toolCallId: 'c1',
              toolName: 'weather',
              input: { city: 'Bonn' },
            },
          ],
        },
        {
          role: 'tool',
          content: [{ type: 'tool-result', toolCallId: 'c1', content: 'Rain' }],
        },
      ],
    });
  });

  it('answer with a tool call', async () => {
    scripted.generation = {
      text: '',
      content: [
        { type: 'reasoning', text: 'Hm.' },
        {
          type: 'tool-call',
          toolCallId: 'c1',
          toolName: 'weather',
          input: { city: 'Bonn' },
        },
      ],
      finishReason: 'tool-calls',
      inputTokens: 9,
      outputTokens: 4,
      cacheReadTokens: 3,
    };
    const answer = await client.chat.completions.create({
      model: 'scripted',
      tools,
      messages: [user],
    });
    expect(answer.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: null,
        reasoning_content: 'Hm.',
        tool_calls: [
          {
            id: 'c1',
            type: 'function',
            function: { name: 'weather', arguments: '{"city":"Bonn"}' },
          },
        ],
      },
    });
    expect(answer.usage).toMatchObject({
      prompt_tokens: 9,
      prompt_tokens_details: { cached_tokens: 3 },
    });
  });

  it('stream tool calls as the SDK puts them together', async () => {
    scripted.parts = [
      { type: 'text-delta', text: 'Look' },
      { type: 'tool-call-start', toolCallId: 'c1', toolName: 'weather' },
      { type: 'tool-call-delta', toolCallId: 'c1', inputDelta: '{"city":' },
      { type: 'tool-call-delta', toolCallId: 'c1', inputDelta: '"Bonn"}' },
      { type: 'tool-call-end', toolCallId: 'c1' },
      { type: 'tool-call-start', toolCallId: 'c2', toolName: 'weather' },
      { type: 'tool-call-delta', toolCallId: 'c2', inputDelta: '{}' },
      { type: 'tool-call-end', toolCallId: 'c2' },
      {
        type: 'finish',
        finishReason: 'tool-calls',
        inputTokens: 9,
        outputTokens: 4,
      },
    ];
    const stream = client.chat.completions.stream({
      model: 'scripted',
      tools,
      messages: [user],
      stream_options: { include_usage: true },
    });
    const answer = await stream.finalChatCompletion();
    expect(answer.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: 'Look',
        tool_calls: [
          { id: 'c1', function: { arguments: '{"city":"Bonn"}' } },
          { id: 'c2', function: { arguments: '{}' } },
        ],
      },
    });
    expect(answer.usage).toMatchObject({ prompt_tokens: 9 });
  });

  it.each([
    ['response_format', { response_format: { type: 'json_object' } }],
    ['n', { n: 2 }],
    ['functions', { functions: [{ name: 'f' }] }],
    ['logprobs', { logprobs: true }],
    ['presence_penalty', { presence_penalty: 1 }],
  ])('refuse "%s" clearly', async (field, more) => {
    const { statusCode, json } = await harness.post('/v1/chat/completions', {
      model: 'scripted',
      messages: [user],
      ...more,
    });
    expect(statusCode).toBe(400);
    expect(json.code).toBe('unsupported_parameter');
    expect(json.detail).toContain(field);
    expect(scripted.asked).toEqual([]);
  });

  it.each([
    [
      'an image elsewhere',
      { type: 'image_url', image_url: { url: 'https://x/y' } },
    ],
    [
      'another format',
      { type: 'image_url', image_url: { url: 'data:image/bmp;base64,AA==' } },
    ],
    ['audio', { type: 'input_audio', input_audio: {} }],
  ])('refuse %s', async (_what, part) => {
    const { statusCode, json } = await harness.post('/v1/chat/completions', {
      model: 'scripted',
      messages: [{ role: 'user', content: [part] }],
    });
    expect(statusCode).toBe(400);
    expect(json.code).toBe('unsupported_content');
  });

  it('refuse arguments of a call that are no JSON object', async () => {
    const { statusCode, json } = await harness.post('/v1/chat/completions', {
      model: 'scripted',
      messages: [
        {
          role: 'assistant',
          tool_calls: [{ id: 'c', function: { name: 'f', arguments: '[' } }],
        },
      ],
    });
    expect(statusCode).toBe(422);
    expect(json.issues[0].path).toBe(
      'messages.0.tool_calls.0.function.arguments',
    );
  });

  it('refuse tools where the model calls none, unless it must not', async () => {
    const body = { model: 'local.extractive', messages: [user], tools };
    const refused = await harness.post('/v1/chat/completions', body);
    expect(refused.statusCode).toBe(400);
    const allowed = await harness.post('/v1/chat/completions', {
      ...body,
      tool_choice: 'none',
    });
    expect(allowed.statusCode).toBe(200);
  });

  it('pass tools and formats through to servers that speak this API', async () => {
    harness.upstream.behave = answerJson(200, TOOL_CALL_COMPLETION);
    const body = {
      model: 'stub-chat',
      messages: [user],
      tools,
      response_format: { type: 'json_object' },
    };
    const { json } = await harness.post('/v1/chat/completions', body);
    expect(json).toEqual(TOOL_CALL_COMPLETION);
    expect(harness.upstream.received[0].raw).toBe(JSON.stringify(body));
  });
});

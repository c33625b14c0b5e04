import { Harness, startHarness } from '../testing/harness';
import { ScriptedModelProvider } from '../testing/ScriptedModelProvider';

const messages = [{ role: 'user', content: 'Hello' }];
const chat = { model: 'stub-chat', messages };

describe('prompts by reference', () => {
  let harness: Harness;
  const scripted = new ScriptedModelProvider('scripted');
  const prompts = {
    render: jest.fn(async (_clientId: string, { variables }: any) => ({
      text: `About ${variables.topic}.`,
      version: 3,
    })),
  };
  const reference = {
    name: 'about',
    label: 'production',
    variables: { topic: 'tea' },
  };
  beforeEach(async () => {
    scripted.asked.length = 0;
    prompts.render.mockClear();
    harness = await startHarness({
      models: ['scripted', 'stub-chat', 'local.extractive'],
      providers: [scripted],
      prompts,
    });
  });
  afterEach(() => harness.close());

  it.each([
    ['/model/invoke', { model_name: 'scripted' }],
    ['/v1/chat/completions', { model: 'scripted' }],
    ['/v1/messages', { model: 'scripted', max_tokens: 9 }],
  ])('stand for the messages of %s', async (url, body) => {
    const { statusCode } = await harness.post(url, {
      ...body,
      prompt_template: reference,
    });
    expect(statusCode).toBe(200);
    expect(scripted.asked[0].messages).toEqual([
      { role: 'user', content: 'About tea.' },
    ]);
    expect(prompts.render).toHaveBeenCalledWith(expect.any(String), reference);
  });

  it('are rendered when an asynchronous invocation is accepted', async () => {
    const { statusCode, json } = await harness.post('/model/async_invoke', {
      model_name: 'scripted',
      prompt_template: reference,
    });
    expect(statusCode).toBe(200);
    expect(json.invocation_id).toBeDefined();
    expect(prompts.render).toHaveBeenCalledTimes(1);
  });

  it('do not reach an upstream as such', async () => {
    await harness.post('/v1/chat/completions', {
      ...chat,
      prompt_template: reference,
    });
    expect(harness.upstream.received[0].body).toEqual({
      model: 'stub-chat',
      messages: [{ role: 'user', content: 'About tea.' }, ...messages],
    });
  });

  it.each([
    ['neither prompt nor messages', {}],
    [
      'a version and a label',
      { prompt_template: { ...reference, version: 1 } },
    ],
  ])('answer 422 for %s', async (_what, body) => {
    for (const [url, more] of [
      ['/model/invoke', { model_name: 'scripted' }],
      ['/v1/chat/completions', { model: 'scripted' }],
      ['/v1/messages', { model: 'scripted', max_tokens: 9 }],
    ] as const) {
      const { statusCode } = await harness.post(url, { ...more, ...body });
      expect(statusCode).toBe(422);
    }
  });
});

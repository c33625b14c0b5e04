import {
  answerException,
  answerJson as answerRaw,
} from '../../adapters/aws/bedrock/testing/FakeBedrock';
import { startFakeProvider } from '../../adapters/aws/bedrock/testing/startFakeProvider';
import { answerJson, StubUpstream } from '../../testing/StubUpstream';
import { Harness, startHarness } from '../../testing/harness';

describe('classic routes', () => {
  let harness: Harness;
  let upstream: StubUpstream;

  beforeEach(async () => {
    harness = await startHarness();
    ({ upstream } = harness);
  });
  afterEach(() => harness.close());

  describe('embed', () => {
    it('answers the vector of the built-in model', async () => {
      const { json } = await harness.post('/model/embed', {
        model_name: 'local.embedding',
        input_text: 'a bridge over the river',
      });
      expect(json.embedding).toHaveLength(384);
      expect(json.input_tokens).toBe(5);
    });

    it('answers the vector of an upstream', async () => {
      upstream.behave = answerJson(200, {
        data: [{ index: 0, embedding: [0.5, -0.5] }],
        usage: { prompt_tokens: 4, total_tokens: 4 },
      });
      const { json } = await harness.post('/model/embed', {
        model_name: 'stub-embed',
        input_text: 'x',
      });
      expect(json).toEqual({ embedding: [0.5, -0.5], input_tokens: 4 });
    });

    it('answers 400 for a blank text', async () => {
      const { statusCode } = await harness.post('/model/embed', {
        model_name: 'local.embedding',
        input_text: '   ',
      });
      expect(statusCode).toBe(400);
    });
  });

  describe('invoke_with_raw_input', () => {
    const raw = (rawInput: unknown, model = 'stub-chat') =>
      harness.post('/model/invoke_with_raw_input', {
        model_id: model,
        raw_input: rawInput,
      });

    it.each([
      [
        "OpenAI's messages",
        { messages: [{ role: 'user', content: 'Hi' }], stop: 'END' },
        { messages: [{ role: 'user', content: 'Hi' }], stop: ['END'] },
      ],
      [
        "Anthropic's messages as JSON text",
        JSON.stringify({
          anthropic_version: 'bedrock-2023-05-31',
          system: 'Be brief.',
          max_tokens: 9,
          messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
        }),
        {
          messages: [
            { role: 'system', content: 'Be brief.' },
            { role: 'user', content: 'Hi' },
          ],
          max_tokens: 9,
        },
      ],
      [
        "Titan's input",
        {
          inputText: 'Hi',
          textGenerationConfig: { maxTokenCount: 4, temperature: 0 },
        },
        {
          messages: [{ role: 'user', content: 'Hi' }],
          max_tokens: 4,
          temperature: 0,
        },
      ],
    ])('reads %s', async (_what, input, expected) => {
      const { statusCode, json } = await raw(input);
      expect(statusCode).toBe(200);
      expect(json.output_text).toBe('Hello.');
      expect(upstream.received[0].body).toEqual({
        model: 'stub-chat',
        ...expected,
      });
    });

    it.each([
      ['a text that is not JSON', 'hello', 400],
      ['an input without anything to answer', { max_tokens: 3 }, 400],
      ['a field of the wrong type', { prompt: 'x', max_tokens: 'many' }, 422],
    ])('refuses %s', async (_what, input, status) => {
      expect((await raw(input)).statusCode).toBe(status);
      expect(upstream.received).toEqual([]);
    });
  });

  describe('invoke_with_raw_input of a model with a format of its own', () => {
    let bedrock: Awaited<ReturnType<typeof startFakeProvider>>;
    let native: Harness;

    beforeEach(async () => {
      bedrock = await startFakeProvider();
      native = await startHarness({
        models: ['claude', 'local.extractive'],
        providers: [bedrock.provider],
        aliases: { either: ['claude', 'local.extractive'] },
        retry: { maxAttempts: 1 },
      });
    });
    afterEach(async () => {
      await native.close();
      await bedrock.stop();
    });
    const input = {
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 9,
      thinking: { type: 'enabled', budget_tokens: 1024 },
      messages: [{ role: 'user', content: 'Hi' }],
    };
    const raw = (rawInput: unknown, model = 'claude') =>
      native.post('/model/invoke_with_raw_input', {
        model_id: model,
        raw_input: rawInput,
      });
    const counts = {
      'x-amzn-bedrock-input-token-count': '12',
      'x-amzn-bedrock-output-token-count': '3',
    };

    it('passes the request on as it is, and books what Bedrock counts', async () => {
      const content = [
        { type: 'thinking', thinking: 'Hm.' },
        { type: 'text', text: 'Hello.' },
      ];
      bedrock.bedrock.behave = answerRaw({ content }, counts);
      for (const sent of [input, JSON.stringify(input)]) {
        const { statusCode, json } = await raw(sent);
        expect(statusCode).toBe(200);
        expect(json).toEqual({
          output_text: 'Hello.',
          input_tokens: 12,
          output_tokens: 3,
        });
      }
      const [{ path, body }] = bedrock.bedrock.received;
      expect(path).toMatch(/^\/model\/eu\.anthropic.*\/invoke$/);
      expect(body).toEqual(input);
      expect(await native.booked()).toMatchObject([
        { model: 'claude', invocations: 2, inputTokens: 24, outputTokens: 6 },
      ]);
    });

    it.each([
      ['Nova', { output: { message: { content: [{ text: 'Hello.' }] } } }],
      ['Titan', { results: [{ outputText: 'Hello.' }] }],
      ['Llama', { generation: 'Hello.' }],
      ['Mistral', { outputs: [{ text: 'Hello.' }] }],
      ['OpenAI', { choices: [{ message: { content: 'Hello.' } }] }],
    ])('reads the answer of %s', async (_what, answer) => {
      bedrock.bedrock.behave = answerRaw(answer, counts);
      expect((await raw(input)).json.output_text).toBe('Hello.');
    });

    it('answers what it does not understand as it came', async () => {
      bedrock.bedrock.behave = answerRaw({ verdict: 'fine' }, counts);
      expect((await raw(input)).json.output_text).toBe('{"verdict":"fine"}');
    });

    it('tells what Bedrock refuses', async () => {
      bedrock.bedrock.behave = answerException(
        400,
        'ValidationException',
        'messages: too few',
      );
      expect((await raw({ nothing: true })).statusCode).toBe(400);
    });

    it('falls back to a model that reads common formats, and then asks for one', async () => {
      bedrock.bedrock.behave = answerException(
        503,
        'ServiceUnavailableException',
        'Busy.',
      );
      const text = { prompt: 'Boats sail by. What sails by?' };
      expect((await raw(text, 'either')).statusCode).toBe(200);
      expect((await raw({ nothing: true }, 'either')).statusCode).toBe(400);
    });
  });
});

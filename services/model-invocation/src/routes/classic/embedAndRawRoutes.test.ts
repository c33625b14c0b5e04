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
});

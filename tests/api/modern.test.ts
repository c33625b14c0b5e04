/** The official SDKs of OpenAI and Anthropic, which only know another address and a token. */
import Anthropic from '@anthropic-ai/sdk';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import OpenAI from 'openai';
import type { StubUpstream } from '../../services/model-invocation/src/testing/StubUpstream';
import { TestEnvironment } from './support/environment';
import { HANDBOOK } from './support/records';
import {
  startToolModel,
  TOOL_MODEL,
  toolModelVariables,
} from './support/toolModel';

const MODEL = 'local.extractive';
const PROMPT = `${HANDBOOK}\n\nHow many days of leave do employees have?`;
const ANSWER = /thirty days of leave/;
const CITY = {
  type: 'object' as const,
  properties: { city: { type: 'string' } },
};

describe('the SDK of', () => {
  let environment: TestEnvironment;
  let server: StubUpstream;
  let token: string;

  before(async () => {
    server = await startToolModel();
    environment = await TestEnvironment.start(toolModelVariables(server));
    token = await environment.createCaller('modern');
  });

  after(async () => {
    await environment?.dispose();
    await server?.stop();
  });

  describe('OpenAI', () => {
    let client: OpenAI;
    const messages = [{ role: 'user' as const, content: PROMPT }];

    before(() => {
      const baseURL = `${environment.url}/v1`;
      client = new OpenAI({ baseURL, apiKey: token, maxRetries: 0 });
    });

    it('lists the models', async () => {
      const ids: string[] = [];
      for await (const { id } of client.models.list()) ids.push(id);
      assert.deepEqual(ids.sort(), [
        'local.embedding',
        'local.extractive',
        TOOL_MODEL,
      ]);
      const { id } = await client.models.retrieve(MODEL);
      assert.equal(id, MODEL);
    });

    it('is answered', async () => {
      const answer = await client.chat.completions.create({
        model: MODEL,
        messages,
        temperature: 0,
      });
      const [choice] = answer.choices;
      assert.match(choice.message.content!, ANSWER);
      assert.equal(choice.finish_reason, 'stop');
      assert.ok(answer.usage!.total_tokens > 0);
    });

    it('is streamed to, with the usage at the end', async () => {
      const stream = client.chat.completions.stream({
        model: MODEL,
        messages,
        stream_options: { include_usage: true },
      });
      const parts: string[] = [];
      stream.on('content', part => parts.push(part));
      const { content } = await stream.finalMessage();
      assert.ok(parts.length > 1);
      assert.equal(parts.join(''), content);
      assert.match(content!, ANSWER);
      assert.ok((await stream.totalUsage()).completion_tokens > 0);
    });

    for (const stream of [false, true]) {
      it(`runs tools, ${stream ? 'streamed' : 'at once'}`, async () => {
        const asked: unknown[] = [];
        const weather = ({ city }: { city: string }) => {
          asked.push(city);
          return 'rain';
        };
        const runner = client.chat.completions.runTools({
          model: TOOL_MODEL,
          messages: [{ role: 'user', content: 'What is the weather in Bonn?' }],
          stream: stream as false,
          tools: [
            {
              type: 'function',
              function: {
                name: 'weather',
                description: 'Weather of a city',
                parameters: CITY,
                parse: JSON.parse,
                function: weather,
              },
            },
          ],
        });
        assert.equal(await runner.finalContent(), 'The tool says: rain');
        assert.deepEqual(asked, ['Bonn']);
      });
    }

    it('makes vectors, of numbers and in base64', async () => {
      const input = ['Leave', 'Lisbon'];
      const request = { model: 'local.embedding', input };
      const floats = await client.embeddings.create({
        ...request,
        encoding_format: 'float',
      });
      // The SDK asks for base64 when nothing is said, and decodes it.
      const decoded = await client.embeddings.create(request);
      assert.equal(floats.data.length, 2);
      for (const [at, { embedding }] of decoded.data.entries()) {
        const exact = floats.data[at].embedding;
        assert.equal(embedding.length, exact.length);
        embedding.forEach((value, i) =>
          assert.ok(Math.abs(value - exact[i]) < 1e-6),
        );
      }
    });

    it('throws its own errors', async () => {
      const unknown = { model: 'unknown', messages };
      await assert.rejects(
        client.chat.completions.create(unknown),
        OpenAI.NotFoundError,
      );
      const stranger = client.withOptions({ apiKey: 'nonsense' });
      await assert.rejects(
        stranger.chat.completions.create({ model: MODEL, messages }),
        OpenAI.AuthenticationError,
      );
      const wrong = { model: MODEL, messages: 'text' as never };
      await assert.rejects(
        client.chat.completions.create(wrong),
        OpenAI.UnprocessableEntityError,
      );
    });
  });

  describe('Anthropic', () => {
    let client: Anthropic;
    const request = {
      model: MODEL,
      max_tokens: 200,
      messages: [{ role: 'user' as const, content: PROMPT }],
    };

    before(() => {
      const baseURL = environment.url;
      client = new Anthropic({ baseURL, authToken: token, maxRetries: 0 });
    });

    it('is answered', async () => {
      const answer = await client.messages.create(request);
      const [block] = answer.content;
      assert.match(block.type === 'text' ? block.text : '', ANSWER);
      assert.equal(answer.stop_reason, 'end_turn');
      assert.ok(answer.usage.output_tokens > 0);
    });

    it('is streamed to', async () => {
      const parts: string[] = [];
      const stream = client.messages.stream(request);
      stream.on('text', part => parts.push(part));
      const text = await stream.finalText();
      assert.ok(parts.length > 1);
      assert.equal(parts.join(''), text);
      assert.match(text, ANSWER);
    });

    for (const streamed of [false, true]) {
      it(`runs tools, ${streamed ? 'streamed' : 'at once'}`, async () => {
        const messages: Anthropic.MessageParam[] = [
          { role: 'user', content: 'What is the weather in Bonn?' },
        ];
        const tools = [{ name: 'weather', input_schema: CITY }];
        const ask = () => {
          const asked = { ...request, model: TOOL_MODEL, tools, messages };
          return streamed
            ? client.messages.stream(asked).finalMessage()
            : client.messages.create(asked);
        };
        const call = await ask();
        assert.equal(call.stop_reason, 'tool_use');
        const use = call.content.find(block => block.type === 'tool_use')!;
        assert.equal(use.name, 'weather');
        assert.deepEqual(use.input, { city: 'Bonn' });
        messages.push(
          { role: 'assistant', content: call.content },
          {
            role: 'user',
            content: [
              { type: 'tool_result', tool_use_id: use.id, content: 'rain' },
            ],
          },
        );
        const [block] = (await ask()).content;
        assert.equal(block.type, 'text');
        assert.equal(
          (block as Anthropic.TextBlock).text,
          'The tool says: rain',
        );
      });
    }

    it('throws its own errors', async () => {
      await assert.rejects(
        client.messages.create({ ...request, model: 'unknown' }),
        Anthropic.NotFoundError,
      );
      await assert.rejects(
        client.withOptions({ authToken: 'nonsense' }).messages.create(request),
        Anthropic.AuthenticationError,
      );
    });
  });

  it('has met no error of the environment', () => {
    assert.deepEqual(environment.errors(), []);
  });
});

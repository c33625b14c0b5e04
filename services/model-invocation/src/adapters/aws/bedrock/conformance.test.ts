import {
  type BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  InvokeModelCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { Cancellation } from '../../../domain/Cancellation';
import type { GenerateRequest } from '../../../domain/Model';
import type { BedrockModelProvider } from './BedrockModelProvider';
import { type FakeBedrock, type ReceivedCall } from './testing/FakeBedrock';
import { createSdkClient } from './testing/sdkClient';
import { CLAUDE, startFakeProvider } from './testing/startFakeProvider';

const PNG = 'iVBORw0KGgo=';
const WEATHER = {
  name: 'get_weather',
  description: 'Tells the weather.',
  inputSchema: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
  },
};
const QUESTION = { role: 'user' as const, content: 'Grüße! 世界 — "why"?\n' };

/** A request of ours, and the same as the SDK has it. */
type Pair = {
  ours: Omit<GenerateRequest, 'model'> & { model?: string };
  sdk: Omit<ConverseCommandInput, 'modelId'> & { modelId?: string };
};

const PAIRS: Record<string, Pair> = {
  'a question': {
    ours: { messages: [QUESTION] },
    sdk: {
      messages: [{ role: 'user', content: [{ text: QUESTION.content }] }],
    },
  },
  'every setting': {
    ours: {
      messages: [{ role: 'system', content: 'Be brief.' }, QUESTION],
      maxTokens: 100,
      temperature: 0,
      topP: 0.5,
      topK: 40,
      stopSequences: ['END', '\n\n'],
    },
    sdk: {
      messages: [{ role: 'user', content: [{ text: QUESTION.content }] }],
      system: [{ text: 'Be brief.' }],
      inferenceConfig: {
        maxTokens: 100,
        temperature: 0,
        topP: 0.5,
        stopSequences: ['END', '\n\n'],
      },
      additionalModelRequestFields: { top_k: 40 },
      additionalModelResponseFieldPaths: ['/stop_sequence'],
    },
  },
  'the top-k of Nova': {
    ours: { model: 'nova', messages: [QUESTION], topK: 40 },
    sdk: {
      modelId: 'amazon.nova-lite-v1:0',
      messages: [{ role: 'user', content: [{ text: QUESTION.content }] }],
      additionalModelRequestFields: { inferenceConfig: { topK: 40 } },
    },
  },
  'an image': {
    ours: {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image', mediaType: 'image/png', data: PNG },
          ],
        },
      ],
    },
    sdk: {
      messages: [
        {
          role: 'user',
          content: [
            { text: 'What is this?' },
            {
              image: {
                format: 'png',
                source: { bytes: Buffer.from(PNG, 'base64') },
              },
            },
          ],
        },
      ],
    },
  },
  'tools, their results and signed reasoning': {
    ours: {
      messages: [
        QUESTION,
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'Hm.', signature: 'c2ln' },
            { type: 'reasoning', text: '', signature: 'redacted:AQID' },
            { type: 'reasoning', text: 'Of another model.' },
            { type: 'text', text: '' },
            {
              type: 'tool-call',
              toolCallId: 'call_1',
              toolName: 'get_weather',
              input: { city: 'Ulm', days: [1, 2] },
            },
          ],
        },
        {
          role: 'tool',
          content: [
            { type: 'tool-result', toolCallId: 'call_1', content: 'Rain' },
          ],
        },
        {
          role: 'tool',
          content: [
            {
              type: 'tool-result',
              toolCallId: 'call_2',
              content: [
                { type: 'text', text: 'No such city' },
                { type: 'image', mediaType: 'image/jpeg', data: PNG },
              ],
              isError: true,
            },
          ],
        },
        { role: 'user', content: 'And?' },
      ],
      tools: [WEATHER],
      toolChoice: { type: 'tool', toolName: 'get_weather' },
    },
    sdk: {
      messages: [
        { role: 'user', content: [{ text: QUESTION.content }] },
        {
          role: 'assistant',
          content: [
            {
              reasoningContent: {
                reasoningText: { text: 'Hm.', signature: 'c2ln' },
              },
            },
            {
              reasoningContent: {
                redactedContent: Buffer.from('AQID', 'base64'),
              },
            },
            {
              toolUse: {
                toolUseId: 'call_1',
                name: 'get_weather',
                input: { city: 'Ulm', days: [1, 2] },
              },
            },
          ],
        },
        {
          role: 'user',
          content: [
            {
              toolResult: { toolUseId: 'call_1', content: [{ text: 'Rain' }] },
            },
            {
              toolResult: {
                toolUseId: 'call_2',
                content: [
                  { text: 'No such city' },
                  {
                    image: {
                      format: 'jpeg',
                      source: { bytes: Buffer.from(PNG, 'base64') },
                    },
                  },
                ],
                status: 'error',
              },
            },
            { text: 'And?' },
          ],
        },
      ],
      toolConfig: {
        tools: [
          {
            toolSpec: {
              name: WEATHER.name,
              description: WEATHER.description,
              inputSchema: { json: WEATHER.inputSchema },
            },
          },
        ],
        toolChoice: { tool: { name: 'get_weather' } },
      },
    },
  },
};

describe('requests of the adapter and of the SDK', () => {
  let bedrock: FakeBedrock;
  let provider: BedrockModelProvider;
  let sdk: BedrockRuntimeClient;
  let now = 0;

  beforeEach(async () => {
    ({ bedrock, provider } = await startFakeProvider({
      clock: { now: () => now },
    }));
    sdk = createSdkClient(bedrock);
  });
  afterEach(async () => {
    sdk.destroy();
    await provider.close();
    await bedrock.stop();
  });

  /** Lets the adapter send at the time at which the SDK did. */
  async function sendBoth(
    bySdk: () => Promise<unknown>,
    byAdapter: () => Promise<unknown>,
  ): Promise<[ReceivedCall, ReceivedCall]> {
    await bySdk();
    const [theirs] = bedrock.received;
    const date = String(theirs.headers['x-amz-date']);
    now = Date.parse(
      date.replace(/(....)(..)(.....)(..)(..)Z/, '$1-$2-$3:$4:$5Z'),
    );
    await byAdapter();
    return [theirs, bedrock.received[1]];
  }

  /** What Bedrock sees of a request. */
  const seen = ({ method, path, body, headers }: ReceivedCall) => ({
    method,
    path,
    body,
    date: headers['x-amz-date'],
    token: headers['x-amz-security-token'],
    type: headers['content-type'],
    authorization: headers.authorization,
  });

  it.each(Object.entries(PAIRS))('are the same for %s', async (_, pair) => {
    const [theirs, ours] = await sendBoth(
      () => sdk.send(new ConverseCommand({ modelId: CLAUDE, ...pair.sdk })),
      () =>
        provider.generate(
          { model: 'claude', ...pair.ours },
          new Cancellation(),
        ),
    );
    expect(seen(ours)).toEqual(seen(theirs));
    expect(ours.path).toMatch(/^\/model\/.+%3A0\/converse$/);
  });

  it.each(Object.entries(PAIRS))(
    'are the same for %s, streamed',
    async (_, pair) => {
      const [theirs, ours] = await sendBoth(
        () =>
          sdk.send(new ConverseStreamCommand({ modelId: CLAUDE, ...pair.sdk })),
        async () => {
          const stream = provider.stream(
            { model: 'claude', ...pair.ours },
            new Cancellation(),
          );
          for await (const part of stream) expect(part.type).toBeDefined();
        },
      );
      expect(seen(ours)).toEqual(seen(theirs));
      expect(ours.path).toMatch(/\/converse-stream$/);
    },
  );

  it('are the same for a raw request', async () => {
    const body = JSON.stringify({ inputText: 'Hello', dimensions: 256 });
    const [theirs, ours] = await sendBoth(
      () =>
        sdk.send(
          new InvokeModelCommand({
            modelId: 'amazon.titan-embed-text-v2:0',
            contentType: 'application/json',
            body,
          }),
        ),
      () =>
        provider.invokeRaw(
          { model: 'titan', body, estimateInput: () => 1 },
          new Cancellation(),
        ),
    );
    expect(seen(ours)).toEqual(seen(theirs));
  });
});

import {
  type BedrockRuntimeClient,
  type ContentBlock,
  ConverseCommand,
  ConverseStreamCommand,
  type ConverseStreamOutput,
} from '@aws-sdk/client-bedrock-runtime';
import { Cancellation } from '../../../domain/Cancellation';
import type { AssistantPart, GenerationPart } from '../../../domain/Model';
import type { BedrockModelProvider } from './BedrockModelProvider';
import { event, startEventStream, textEvents } from './testing/eventStream';
import { answerJson, type FakeBedrock } from './testing/FakeBedrock';
import { converseAnswer } from './testing/fakeModels';
import { createSdkClient } from './testing/sdkClient';
import { CLAUDE, startFakeProvider } from './testing/startFakeProvider';

const messages = [{ role: 'user' as const, content: 'Hi' }];
const request = { model: 'claude', messages };
const sdkRequest = {
  modelId: CLAUDE,
  messages: [{ role: 'user' as const, content: [{ text: 'Hi' }] }],
};

const CONTENT = [
  { reasoningContent: { reasoningText: { text: 'Hm.', signature: 'c2ln' } } },
  { reasoningContent: { redactedContent: 'AQID' } },
  { text: 'I look it up. ' },
  { text: '世界' },
  {
    toolUse: {
      toolUseId: 'tooluse_1',
      name: 'get_weather',
      input: { city: 'Ulm', days: [1, 2.5, null, { deep: true }] },
    },
  },
  { somethingNew: { text: '?' } },
];

const delta = (contentBlockIndex: number, value: object) =>
  event('contentBlockDelta', { contentBlockIndex, delta: value, p: 'abc' });

/** The same answer, streamed. */
const EVENTS = [
  event('messageStart', { role: 'assistant' }),
  delta(0, { reasoningContent: { text: 'H' } }),
  delta(0, { reasoningContent: { text: 'm.' } }),
  delta(0, { reasoningContent: { signature: 'c2ln' } }),
  event('contentBlockStop', { contentBlockIndex: 0 }),
  delta(1, { reasoningContent: { redactedContent: 'AQID' } }),
  event('contentBlockStop', { contentBlockIndex: 1 }),
  delta(2, { text: 'I look ' }),
  delta(2, { text: '' }),
  delta(2, { text: 'it up. ' }),
  event('contentBlockStop', { contentBlockIndex: 2 }),
  delta(3, { text: '世界' }),
  event('contentBlockStop', { contentBlockIndex: 3 }),
  event('contentBlockStart', {
    contentBlockIndex: 4,
    start: { toolUse: { toolUseId: 'tooluse_1', name: 'get_weather' } },
  }),
  delta(4, { toolUse: { input: '' } }),
  delta(4, { toolUse: { input: '{"city":"Ulm","days":' } }),
  delta(4, { toolUse: { input: '[1,2.5,null,{"deep":true}]}' } }),
  event('contentBlockStop', { contentBlockIndex: 4 }),
  event('somethingNew', { p: 'abc' }),
  event('messageStop', { stopReason: 'tool_use' }),
  event('metadata', {
    usage: {
      inputTokens: 5,
      outputTokens: 7,
      totalTokens: 42,
      cacheReadInputTokens: 20,
      cacheWriteInputTokens: 10,
    },
    metrics: { latencyMs: 1 },
  }),
];

/** An answer as the SDK has it, in our words. */
function fromSdk(blocks: ContentBlock[]): AssistantPart[] {
  return blocks.flatMap((block): AssistantPart[] => {
    if (block.text !== undefined) return [{ type: 'text', text: block.text }];
    if (block.toolUse) {
      return [
        {
          type: 'tool-call',
          toolCallId: block.toolUse.toolUseId!,
          toolName: block.toolUse.name!,
          input: block.toolUse.input as Record<string, unknown>,
        },
      ];
    }
    const { reasoningText, redactedContent } = block.reasoningContent ?? {};
    if (reasoningText) {
      const { text, signature } = reasoningText;
      return [{ type: 'reasoning', text: text!, signature }];
    }
    if (!redactedContent) return [];
    const signature = `redacted:${Buffer.from(redactedContent).toString(
      'base64',
    )}`;
    return [{ type: 'reasoning', text: '', signature }];
  });
}

/** Parts of a stream, joined to those of a whole answer. */
function join(parts: GenerationPart[]): AssistantPart[] {
  const joined: AssistantPart[] = [];
  let input = '';
  for (const part of parts) {
    const last = joined.at(-1);
    if (part.type === 'text-delta') {
      if (last?.type === 'text') last.text += part.text;
      else joined.push({ type: 'text', text: part.text });
    } else if (part.type === 'reasoning-delta') {
      const { text, signature } = part;
      if (last?.type === 'reasoning' && !last.signature) {
        last.text += text;
        if (signature) last.signature = signature;
      } else joined.push({ type: 'reasoning', text, signature });
    } else if (part.type === 'tool-call-delta') {
      input += part.inputDelta;
    } else if (part.type === 'tool-call-end') {
      (last as { input: unknown }).input = JSON.parse(input);
    } else if (part.type === 'tool-call-start') {
      const { toolCallId, toolName } = part;
      joined.push({ type: 'tool-call', toolCallId, toolName, input: {} });
    }
  }
  return joined;
}

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

describe('answers as the adapter and the SDK read them', () => {
  let bedrock: FakeBedrock;
  let provider: BedrockModelProvider;
  let sdk: BedrockRuntimeClient;

  beforeEach(async () => {
    ({ bedrock, provider } = await startFakeProvider());
    sdk = createSdkClient(bedrock);
  });
  afterEach(async () => {
    sdk.destroy();
    await provider.close();
    await bedrock.stop();
  });

  const usage = {
    inputTokens: 5,
    outputTokens: 7,
    totalTokens: 42,
    cacheReadInputTokens: 20,
    cacheWriteInputTokens: 10,
  };
  const booked = {
    inputTokens: 35,
    outputTokens: 7,
    cacheReadTokens: 20,
    cacheWriteTokens: 10,
  };

  it('are the same when they come whole', async () => {
    bedrock.behave = answerJson(
      converseAnswer(CONTENT, { stopReason: 'tool_use', usage }),
    );
    const theirs = await sdk.send(new ConverseCommand(sdkRequest));
    const ours = await provider.generate(request, new Cancellation());
    expect(ours.content).toEqual(fromSdk(theirs.output!.message!.content!));
    expect(theirs.usage).toMatchObject(usage);
    expect(ours).toMatchObject({
      text: 'I look it up. 世界',
      finishReason: 'tool-calls',
      ...booked,
    });
  });

  it('are the same when they are streamed', async () => {
    bedrock.behave = (_call, response) => {
      startEventStream(response).end(Buffer.concat(EVENTS));
    };
    const { stream } = await sdk.send(new ConverseStreamCommand(sdkRequest));
    const theirs = await collect<ConverseStreamOutput>(stream!);
    const ours = await collect(provider.stream(request, new Cancellation()));

    const textOf = (output: ConverseStreamOutput) =>
      output.contentBlockDelta?.delta?.text ?? '';
    const inputOf = (output: ConverseStreamOutput) =>
      output.contentBlockDelta?.delta?.toolUse?.input ?? '';
    expect(
      ours.map(part => (part.type === 'text-delta' ? part.text : '')).join(''),
    ).toBe(theirs.map(textOf).join(''));
    expect(
      ours
        .map(part => (part.type === 'tool-call-delta' ? part.inputDelta : ''))
        .join(''),
    ).toBe(theirs.map(inputOf).join(''));
    expect(ours.at(-1)).toEqual({
      type: 'finish',
      finishReason: 'tool-calls',
      ...booked,
    });
    expect(ours.filter(part => part.type === 'finish')).toHaveLength(1);
  });

  it('hold the same whole and streamed', async () => {
    bedrock.behave = answerJson(
      converseAnswer(CONTENT, { stopReason: 'tool_use', usage }),
    );
    const { content } = await provider.generate(request, new Cancellation());
    bedrock.behave = (_call, response) => {
      startEventStream(response).end(Buffer.concat(EVENTS));
    };
    const parts = await collect(provider.stream(request, new Cancellation()));
    // Blocks of text that follow each other cannot be told apart in a stream.
    const [reasoning, redacted, first, second, call] = content!;
    expect(join(parts)).toEqual([
      reasoning,
      redacted,
      { type: 'text', text: (first as any).text + (second as any).text },
      call,
    ]);
  });

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['tool_use', 'tool-calls'],
    ['content_filtered', 'content-filter'],
    ['guardrail_intervened', 'content-filter'],
    ['malformed_tool_use', 'other'],
    ['something_new', 'other'],
  ])('tell %s as %s', async (stopReason, finishReason) => {
    bedrock.behave = answerJson(
      converseAnswer([{ text: 'a' }], { stopReason }),
    );
    expect(await provider.generate(request, new Cancellation())).toMatchObject({
      finishReason,
    });
  });

  it('tell which stop sequence it was', async () => {
    const more = {
      stopReason: 'stop_sequence',
      additionalModelResponseFields: { stop_sequence: 'END' },
    };
    bedrock.behave = answerJson(converseAnswer([{ text: 'a' }], more));
    const withStop = { ...request, stopSequences: ['END'] };
    expect(await provider.generate(withStop, new Cancellation())).toMatchObject(
      { stopSequence: 'END' },
    );

    bedrock.behave = (_call, response) => {
      const events = textEvents(['a'], { inputTokens: 1, outputTokens: 1 });
      events[events.length - 2] = event('messageStop', more);
      startEventStream(response).end(Buffer.concat(events));
    };
    const parts = await collect(provider.stream(withStop, new Cancellation()));
    expect(parts.at(-1)).toMatchObject({ stopSequence: 'END' });
  });

  it('have estimated tokens when Bedrock counts none', async () => {
    bedrock.behave = (_call, response) => {
      const events = textEvents(['one two'], usage).slice(0, -1);
      startEventStream(response).end(Buffer.concat(events));
    };
    const parts = await collect(provider.stream(request, new Cancellation()));
    expect(parts.at(-1)).toEqual({
      type: 'finish',
      finishReason: 'stop',
      inputTokens: 1,
      outputTokens: 2,
      isEstimate: true,
    });
  });
});

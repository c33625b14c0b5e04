import { DependencyError } from '@genai-environments/service-kit';
import fc from 'fast-check';
import type { CallGate, PlannedCall } from '../../ports/CallGate';
import type { UsageRecord } from '../../ports/UsageLedger';
import { CallCancelledError, Cancellation } from '../Cancellation';
import { Invocations } from '../Invocations';
import type { GenerateRequest, GenerationPart } from '../Model';
import { estimateTexts } from '../inputTokens';
import { estimateTokens } from '../tokens';
import { ModelCalls } from './ModelCalls';
import { markSent } from './sent';
import { WholeCalls } from './WholeCalls';

const text = fc.oneof(
  fc.lorem({ maxCount: 30 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...'.,;世の a'), maxLength: 60 }),
);
const image = fc.record({
  type: fc.constant('image' as const),
  mediaType: fc.constant('image/png' as const),
  data: fc.base64String({ maxLength: 4000 }),
});
const textPart = fc.record({ type: fc.constant('text' as const), text });
const message = fc.oneof(
  fc.record({ role: fc.constant('system' as const), content: text }),
  fc.record({
    role: fc.constant('user' as const),
    content: fc.array(fc.oneof(textPart, image), { maxLength: 6 }),
  }),
  fc.record({
    role: fc.constant('tool' as const),
    content: fc.array(
      fc.record({
        type: fc.constant('tool-result' as const),
        toolCallId: fc.constant('1'),
        content: fc.array(fc.oneof(textPart, image), { maxLength: 3 }),
      }),
      { maxLength: 3 },
    ),
  }),
);
const tool = fc.record({
  name: fc.stringMatching(/^[a-z]{1,20}$/),
  description: text,
  inputSchema: fc.constant({ type: 'object', properties: { a: {} } }),
});
const scenario = fc.record({
  request: fc.record({
    model: fc.constant('m'),
    messages: fc.array(message, { minLength: 1, maxLength: 8 }),
    tools: fc.array(tool, { maxLength: 5 }),
    maxTokens: fc.integer({ min: 1, max: 40 }),
  }),
  written: fc.array(text, { maxLength: 8 }),
  end: fc.constantFrom('hung up', 'broken', 'left', 'not counted' as const),
  isSent: fc.boolean(),
  streamed: fc.boolean(),
  isBound: fc.boolean(),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

function errorOf({ end, isSent }: Scenario): Error {
  const error =
    end === 'broken'
      ? new DependencyError('Late.', {
          ...{ kind: 'timeout', retryable: true, code: 'model_timeout' },
        })
      : new CallCancelledError();
  return isSent ? markSent(error) : error;
}

/** Runs a call whose answer nobody counts; what was reserved for it, and what was booked. */
async function run(given: Scenario) {
  const { request, written, end, streamed, isBound } = given;
  const estimated = (inputTokens: number) => ({
    ...{ inputTokens, outputTokens: estimateTokens(written.join('')) },
    ...{ finishReason: 'stop' as const, isEstimate: true },
  });
  // As adapters count: without the images.
  const asked = estimateTexts(request.messages);
  const provider = {
    ...{ protocol: 'native', id: 'p', models: [] },
    async generate() {
      if (end === 'not counted' || end === 'left') {
        return { text: written.join(''), ...estimated(asked) };
      }
      throw errorOf(given);
    },
    async *stream(): AsyncGenerator<GenerationPart> {
      for (const part of written) yield { type: 'text-delta', text: part };
      if (end !== 'not counted' && end !== 'left') throw errorOf(given);
      yield { type: 'finish', ...estimated(asked) };
    },
  };
  let planned: PlannedCall | undefined;
  const settled: Array<{ inputTokens: number; outputTokens: number }> = [];
  const gate: CallGate = {
    reserve(call) {
      planned = call;
      const nothing = { inputTokens: 0, outputTokens: 0 };
      return {
        isBound,
        settle: usage => settled.push(usage),
        release: () => settled.push(nothing),
      };
    },
  };
  const booked: UsageRecord[] = [];
  const calls = new ModelCalls({
    catalog: {
      resolve: () => [{ provider, model: { id: 'm', kind: 'text' } }],
    },
    ...{ gate, usage: { record: (usage: UsageRecord) => booked.push(usage) } },
    prices: { costMicroUsd: () => 0 },
    clock: { now: () => 0 },
    retry: { maxAttempts: 1 },
  } as never);
  const whole = new WholeCalls({ calls, cache: {} as never });
  const invocations = new Invocations({ calls, whole });
  await make(invocations, { request, streamed, end }).catch(() => {});
  expect(booked).toHaveLength(1);
  expect(settled).toMatchObject([
    {
      inputTokens: booked[0].inputTokens,
      outputTokens: booked[0].outputTokens,
    },
  ]);
  return { planned: planned!, booked: booked[0], asked };
}

async function make(
  invocations: Invocations,
  how: { request: GenerateRequest; streamed: boolean; end: string },
) {
  const { request, streamed, end } = how;
  const cancellation = new Cancellation();
  if (!streamed) {
    await invocations.generate('a', request, { cancellation });
    return;
  }
  const { parts } = await invocations.stream('a', request, cancellation);
  for await (const _ of parts) if (end === 'left') break;
}

type Tokens = { input: number; output: number };

/** What may be booked at least and at most. */
function rangeOf(
  { end, streamed, written, isSent, isBound }: Scenario,
  planned: PlannedCall,
  asked: number,
): { least: Tokens; most: Tokens } {
  const isCut = end === 'hung up' || end === 'broken';
  const hasBegun = streamed && written.length > 0;
  if (isCut && !isSent && !hasBegun) {
    const nothing = { input: 0, output: 0 };
    return { least: nothing, most: nothing };
  }
  const most = isBound
    ? { input: planned.inputTokens, output: planned.maxOutputTokens }
    : { input: Infinity, output: Infinity };
  const isUnseen = isCut && !streamed && isBound;
  return {
    least: {
      input: Math.min(asked, most.input),
      output: isUnseen ? most.output : 0,
    },
    most,
  };
}

describe('what is booked of a call that nobody counted', () => {
  it('is what was read and written, and under a limit no more than was reserved', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async given => {
        const { planned, booked, asked } = await run(given);
        const { least, most } = rangeOf(given, planned, asked);
        expect(booked.inputTokens).toBeGreaterThanOrEqual(least.input);
        expect(booked.inputTokens).toBeLessThanOrEqual(most.input);
        expect(booked.outputTokens).toBeGreaterThanOrEqual(least.output);
        expect(booked.outputTokens).toBeLessThanOrEqual(most.output);
      }),
      { numRuns: 200 },
    );
  });
});

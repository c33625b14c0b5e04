import { once } from 'node:events';
import { CallCancelledError } from '../../domain/Cancellation';
import type { GenerateRequest, TokenUsage } from '../../domain/Model';
import { textOfMessages } from '../../domain/content';
import { estimateTokens } from '../../domain/tokens';
import type { NativeModelProvider } from '../../ports/ModelProvider';
import { cancelOnHangUp } from '../callLifetime';
import type { RouteDependencies } from '../dependencies';
import { ChatCall, startEventStream, toEvent } from './chatCall';
import { toGenerateRequest, toWireReason, toWireUsage } from './nativeFormat';
import { toStreamError } from './streamError';

/** Answers a chat request with a model that has a protocol of its own. */
export async function answerNatively(
  provider: NativeModelProvider,
  call: ChatCall,
  dependencies: RouteDependencies,
): Promise<void> {
  const request = toGenerateRequest(call.body);
  if (call.body.stream) await stream(provider, request, call, dependencies);
  else await answerWhole(request, call, dependencies);
}

async function answerWhole(
  request: GenerateRequest,
  call: ChatCall,
  { invocations, clock, newId }: RouteDependencies,
): Promise<void> {
  const generation = await invocations.generate(
    call.clientId,
    request,
    cancelOnHangUp(call.reply),
  );
  call.reply.send({
    id: `chatcmpl-${newId()}`,
    object: 'chat.completion' as const,
    created: Math.floor(clock.now() / 1000),
    model: request.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant' as const, content: generation.text },
        logprobs: null,
        finish_reason: toWireReason(generation.finishReason),
      },
    ],
    usage: toWireUsage(generation),
  });
}

async function stream(
  provider: NativeModelProvider,
  request: GenerateRequest,
  { body, clientId, reply }: ChatCall,
  { usage, clock, newId }: RouteDependencies,
): Promise<void> {
  const { model } = request;
  const { raw } = reply;
  const cancellation = cancelOnHangUp(reply);
  const base = {
    id: `chatcmpl-${newId()}`,
    object: 'chat.completion.chunk',
    created: Math.floor(clock.now() / 1000),
    model,
  };
  const chunk = (delta: object, finishReason: string | null = null) =>
    toEvent({
      ...base,
      choices: [
        { index: 0, delta, logprobs: null, finish_reason: finishReason },
      ],
    });
  const send = async (text: string) => {
    if (!raw.write(text) && !raw.destroyed) {
      await Promise.race([once(raw, 'drain'), once(raw, 'close')]);
    }
  };

  let counted: TokenUsage | undefined;
  let produced = 0;
  let started = false;
  const book = (failed: boolean) =>
    usage.record({
      clientId,
      model,
      failed,
      ...(counted ?? {
        inputTokens: estimateTokens(textOfMessages(request.messages)),
        outputTokens: produced,
      }),
    });

  try {
    for await (const part of provider.stream(request, cancellation)) {
      if (!started) {
        started = true;
        startEventStream(reply);
        await send(chunk({ role: 'assistant', content: '' }));
      }
      if (part.type === 'text-delta') {
        produced += 1;
        await send(chunk({ content: part.text }));
      } else if (part.type === 'finish') {
        counted = part;
        await send(chunk({}, toWireReason(part.finishReason)));
      }
    }
  } catch (error) {
    const hungUp = error instanceof CallCancelledError;
    book(!hungUp);
    if (!started) throw error;
    if (!hungUp) raw.write(toEvent(toStreamError(error, newId)));
    raw.end();
    return;
  }

  // `finish` holds more than the two counters: book only those.
  counted = counted && {
    inputTokens: counted.inputTokens,
    outputTokens: counted.outputTokens,
  };
  book(false);
  if (counted && body.stream_options?.include_usage) {
    await send(toEvent({ ...base, choices: [], usage: toWireUsage(counted) }));
  }
  raw.end('data: [DONE]\n\n');
}

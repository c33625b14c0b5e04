import type { FastifyReply } from 'fastify';
import { BookedParts } from '../../domain/calls/BookedParts';
import { type BegunParts, openParts } from '../../domain/calls/partStream';
import { withMaxTokens } from '../../domain/calls/withMaxTokens';
import type { ServedModel } from '../../domain/ModelCatalog';
import type {
  ByteSink,
  OpenAiModelProvider,
  StreamOutcome,
} from '../../ports/ModelProvider';
import { noteStreamed } from '../cacheControl';
import type { RouteDependencies } from '../dependencies';
import { sendParts, startEventStream, toLoggedProblem } from '../eventStream';
import {
  type BoundChatCall,
  type ChatCall,
  toEvent,
  toWantedCall,
} from './chatCall';
import { ChunkWriter } from './ChunkWriter';
import { forwardedStreamBody } from './forwardedBody';
import { withOpenAiError } from './openAiError';
import { toGenerateRequest } from './readChat';

/** Bytes of an upstream have reached the caller, or parts of a model are to be written. */
type Streamed = { outcome: StreamOutcome } | { begun: BegunParts };

/** Answers a chat request piece by piece. */
export async function answerStream(
  call: ChatCall,
  { calls, clock, newId }: RouteDependencies,
): Promise<void> {
  const { reply, body } = call;
  noteStreamed(reply, call.cacheSeconds);
  const wanted = toWantedCall(call);
  const { estimateInput } = wanted;
  const { answer, served, ticket } = await calls.begin(
    wanted,
    (candidate, maxTokens) =>
      ask(candidate, { ...call, maxTokens, estimateInput }),
  );
  if ('begun' in answer) {
    const parts = new BookedParts(answer.begun, {
      ticket,
      estimateInput,
    });
    const writer = new ChunkWriter({
      id: `chatcmpl-${newId()}`,
      created: Math.floor(clock.now() / 1000),
      model: served.model.id,
      passUsage: body.stream_options?.include_usage === true,
    });
    await sendParts(reply, parts, writer);
    return;
  }
  const { usage, ended } = answer.outcome;
  ticket.settle(usage, ended === 'complete' ? 'succeeded' : ended);
  endRelay(call, answer.outcome);
}

async function ask(
  served: ServedModel,
  call: BoundChatCall,
): Promise<Streamed> {
  const { provider, model } = served;
  if (provider.protocol === 'openai') {
    return { outcome: await relay(provider, model.id, call) };
  }
  const request = withMaxTokens(
    toGenerateRequest(call.body, model.id),
    call.maxTokens,
  );
  return { begun: await openParts(served, request, call.cancellation) };
}

function relay(
  provider: OpenAiModelProvider,
  model: string,
  call: BoundChatCall,
): Promise<StreamOutcome> {
  const { body, rawBody, maxTokens, estimateInput, reply } = call;
  return provider.forwardStream(
    {
      model,
      body: forwardedStreamBody(body, {
        ...{ rawBody, model, maxTokens },
        maxTokensMember: provider.maxTokensMember,
      }),
      passUsage: body.stream_options?.include_usage === true,
      estimateInput,
    },
    sinkOf(reply),
    call.cancellation,
  );
}

/**
 * The head goes out with what comes together with it, else by itself; so does the end with
 * the last events.
 */
function sinkOf(reply: FastifyReply): ByteSink {
  const { raw } = reply;
  let isEmpty = true;
  let isCorked = false;
  const uncork = () => {
    isCorked = false;
    raw.socket?.uncork();
  };
  return {
    start() {
      startEventStream(reply);
      setImmediate(() => {
        if (isEmpty && !raw.destroyed) raw.flushHeaders();
      });
    },
    write(chunk) {
      isEmpty = false;
      if (!isCorked) {
        isCorked = true;
        raw.socket?.cork();
        // Behind all promises that are about to be kept: one of them may end the answer.
        queueMicrotask(() => process.nextTick(uncork));
      }
      return raw.write(chunk);
    },
    onDrain: listener => raw.on('drain', listener),
  };
}

function endRelay({ reply }: ChatCall, { error }: StreamOutcome): void {
  const { raw } = reply;
  if (!reply.sent) {
    // The caller hung up before the first byte.
    reply.hijack();
    raw.destroy();
    return;
  }
  if (error) {
    raw.write(toEvent(withOpenAiError(toLoggedProblem(error, reply))));
  }
  raw.end();
}

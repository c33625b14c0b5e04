import { randomId } from '@genai-environments/service-kit';
import type { OpenAiModelProvider } from '../../ports/ModelProvider';
import { cancelOnHangUp } from '../callLifetime';
import type { RouteDependencies } from '../dependencies';
import { ChatCall, startEventStream, toEvent } from './chatCall';
import { forwardWhole } from './forwardWhole';
import { toStreamError } from './streamError';

/** Passes a chat request to a server that speaks OpenAI's API. */
export function forwardChat(
  provider: OpenAiModelProvider,
  call: ChatCall,
  dependencies: RouteDependencies,
): Promise<void> {
  return call.body.stream
    ? forwardStream(provider, call, dependencies)
    : answerWhole(provider, call, dependencies);
}

async function answerWhole(
  provider: OpenAiModelProvider,
  call: ChatCall,
  dependencies: RouteDependencies,
): Promise<void> {
  const request = { path: '/chat/completions', ...call } as const;
  const answer = await forwardWhole(provider, request, dependencies);
  call.reply.type('application/json; charset=utf-8').send(answer);
}

async function forwardStream(
  provider: OpenAiModelProvider,
  { body, clientId, reply }: ChatCall,
  { usage }: RouteDependencies,
): Promise<void> {
  const { model } = body;
  const { raw } = reply;
  const cancellation = cancelOnHangUp(reply);
  const book = (
    tokens: { inputTokens: number; outputTokens: number },
    failed: boolean,
  ) => usage.record({ clientId, model, ...tokens, failed });

  let outcome;
  try {
    outcome = await provider.forwardStream(
      {
        model,
        // Usage is asked for even when the caller does not: it is what gets booked.
        body: JSON.stringify({
          ...body,
          stream_options: { ...body.stream_options, include_usage: true },
        }),
        passUsage: body.stream_options?.include_usage === true,
      },
      {
        start: () => startEventStream(reply),
        write: chunk => raw.write(chunk),
        onDrain: listener => raw.on('drain', listener),
      },
      cancellation,
    );
  } catch (error) {
    book({ inputTokens: 0, outputTokens: 0 }, true);
    throw error;
  }

  book(outcome.usage, outcome.ended === 'failed');
  if (!reply.sent) {
    // The caller hung up before the first byte.
    reply.hijack();
    raw.destroy();
    return;
  }
  if (outcome.error) raw.write(toEvent(toStreamError(outcome.error, randomId)));
  raw.end();
}

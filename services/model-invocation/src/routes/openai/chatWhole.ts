import type { Answered, CacheWish } from '../../domain/calls/WholeCalls';
import { withMaxTokens } from '../../domain/calls/withMaxTokens';
import type { ServedModel } from '../../domain/ModelCatalog';
import { noteCache } from '../cacheControl';
import type { RouteDependencies } from '../dependencies';
import { type BoundChatCall, type ChatCall, toWantedCall } from './chatCall';
import { forwardedBody } from './forwardedBody';
import { toGenerateRequest } from './readChat';
import { toCompletion } from './writeChat';

/** JSON: bytes of a server that speaks this API, or text of our own. */
type ChatAnswer = Buffer | string;

/** Answers a chat request in one piece. */
export async function answerWhole(
  call: ChatCall,
  dependencies: RouteDependencies,
): Promise<void> {
  const { reply, cacheSeconds: seconds } = call;
  const wanted = toWantedCall(call);
  const { estimateInput } = wanted;
  const { answer, cached } = await dependencies.whole.make(
    wanted,
    (served, maxTokens) =>
      ask(served, { ...call, maxTokens, estimateInput }, dependencies),
    seconds ? toWish(call, seconds) : undefined,
  );
  noteCache(reply, { seconds, cached });
  reply.type('application/json; charset=utf-8').send(answer);
}

async function ask(
  { provider, model }: ServedModel,
  { body, rawBody, maxTokens, estimateInput, cancellation }: BoundChatCall,
  { clock, newId }: RouteDependencies,
): Promise<Answered<ChatAnswer>> {
  if (provider.protocol === 'openai') {
    const forwarded = await provider.forward(
      {
        path: '/chat/completions',
        model: model.id,
        body: forwardedBody(body, {
          ...{ rawBody, model: model.id, maxTokens },
          maxTokensMember: provider.maxTokensMember,
        }),
        estimateInput,
      },
      cancellation,
    );
    return { answer: forwarded.body, usage: forwarded.usage };
  }
  const request = withMaxTokens(toGenerateRequest(body, model.id), maxTokens);
  const generation = await provider.generate(request, cancellation);
  const completion = toCompletion(generation, {
    id: `chatcmpl-${newId()}`,
    created: Math.floor(clock.now() / 1000),
    model: model.id,
  });
  return { answer: JSON.stringify(completion), usage: generation };
}

function toWish({ body }: ChatCall, seconds: number): CacheWish<ChatAnswer> {
  const { stream: _, stream_options: __, ...request } = body;
  return { format: 'chat', request, seconds, bytesOf: Buffer.byteLength };
}

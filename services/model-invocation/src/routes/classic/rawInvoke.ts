import {
  classicOr,
  InvalidInputError,
  type ServiceApp,
} from '@genai-environments/service-kit';
import type { Cancellation } from '../../domain/Cancellation';
import type { Answered, CacheWish } from '../../domain/calls/WholeCalls';
import { withMaxTokens } from '../../domain/calls/withMaxTokens';
import type { ServedModel } from '../../domain/ModelCatalog';
import { boundTokens } from '../../domain/tokens';
import { noteCache, readCacheSeconds } from '../cacheControl';
import { cancelOnHangUp } from '../callLifetime';
import type { RouteDependencies } from '../dependencies';
import { readRawText } from './rawAnswer';
import { estimateRaw } from './rawTokens';
import { answersOf, maxTokensOf, readRawInput, toObject } from './rawInput';
import { invokeAnswerSchema, rawInvokeRequestSchema } from './schemas';
import { toAnswer } from './toAnswer';

type RawAnswer = Parameters<typeof toAnswer>[0];

/**
 * `POST /model/invoke_with_raw_input`: a provider that knows the model's own format gets what
 * was sent as it is, settings we do not know included; for others it is read.
 */
export function addRawInvokeRoute(
  app: ServiceApp,
  { catalog, whole, cacheSeconds }: RouteDependencies,
): void {
  app.post(
    '/model/invoke_with_raw_input',
    {
      config: { auth: classicOr('genai/model.invoke') },
      schema: {
        summary: "Ask a text model in the model's own format",
        body: rawInvokeRequestSchema,
        response: { 200: invokeAnswerSchema },
      },
    },
    async (request, reply) => {
      const { model_id: model, raw_input: rawInput } = request.body;
      const input = toObject(rawInput);
      const models = catalog.resolve(model, 'text');
      // Refuse now what one of them could not read.
      if (models.some(({ provider }) => !provider.invokeRaw)) {
        readRawInput(model, input);
      }
      const cancellation = cancelOnHangUp(reply);
      const seconds = readCacheSeconds(request, cacheSeconds);
      const { answer, cached } = await whole.make(
        {
          ...{ clientId: request.caller!.clientId, model, kind: 'text' },
          inputTokens: boundTokens(Buffer.byteLength(JSON.stringify(input))),
          maxOutputTokens: maxTokensOf(input),
          answers: answersOf(input),
          estimateInput: () => estimateRaw(input),
          cancellation,
        },
        (served, maxTokens) => ask(served, { input, maxTokens, cancellation }),
        seconds ? toWish({ model, input, seconds }) : undefined,
      );
      noteCache(reply, { seconds, cached });
      return toAnswer(answer);
    },
  );
}

type RawCall = {
  input: Record<string, unknown>;
  /** Most tokens of one answer; absent: no limit has to hold. */
  maxTokens: number | undefined;
  cancellation: Cancellation;
};

async function ask(
  { provider, model }: ServedModel,
  { input, maxTokens, cancellation }: RawCall,
): Promise<Answered<RawAnswer>> {
  if (!provider.invokeRaw) {
    const request = withMaxTokens(readRawInput(model.id, input), maxTokens);
    const generation = await provider.generate(request, cancellation);
    return { answer: generation, usage: generation };
  }
  if (maxTokens !== undefined && maxTokensOf(input) === undefined) {
    // Only the model knows what it calls it.
    throw new InvalidInputError(
      'A budget of tokens or money holds here: raw_input must say how many tokens may be answered at most. Set what the model calls it: "max_tokens", "max_gen_len", "textGenerationConfig.maxTokenCount" or "inferenceConfig.maxTokens".',
      { code: 'max_tokens_required' },
    );
  }
  const { body, usage } = await provider.invokeRaw(
    {
      ...{ model: model.id, body: JSON.stringify(input) },
      estimateInput: () => estimateRaw(input),
    },
    cancellation,
  );
  return { answer: { text: readRawText(body), ...usage }, usage };
}

function toWish(options: {
  model: string;
  input: Record<string, unknown>;
  seconds: number;
}): CacheWish<RawAnswer> {
  const { model, input, seconds } = options;
  return {
    format: 'raw',
    request: { model, input },
    seconds,
    bytesOf: ({ text }) => 2 * text.length,
  };
}

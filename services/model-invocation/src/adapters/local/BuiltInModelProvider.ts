import {
  InvalidInputError,
  type ServiceHealth,
} from '@genai-environments/service-kit';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CallCancelledError, Cancellation } from '../../domain/Cancellation';
import { markSent } from '../../domain/calls/sent';
import { hasImage } from '../../domain/content';
import { estimateTexts } from '../../domain/inputTokens';
import type {
  EmbedRequest,
  Embeddings,
  FinishReason,
  GenerateRequest,
  Generation,
  GenerationPart,
  Model,
} from '../../domain/Model';
import { estimateTokens, splitTokens } from '../../domain/tokens';
import type { NativeModelProvider } from '../../ports/ModelProvider';
import { EMBEDDING_DIMENSIONS, embedText } from './embedding/embedText';
import { answerFromText } from './extractive/answer';

const PROVIDER_ID = 'built-in';

/** The models that every environment can run without any server. */
export const BUILT_IN_MODELS: readonly Model[] = [
  { id: 'local.extractive', kind: 'text', provider: PROVIDER_ID },
  { id: 'local.embedding', kind: 'embedding', provider: PROVIDER_ID },
];

/** Pieces between two looks at whether the caller is still there. */
const PIECES_PER_TURN = 16;

/** Serves `local.extractive` and `local.embedding` within this process. */
export class BuiltInModelProvider implements NativeModelProvider {
  readonly protocol = 'native';
  readonly id = PROVIDER_ID;
  readonly models = BUILT_IN_MODELS;

  async generate(
    request: GenerateRequest,
    cancellation: Cancellation,
  ): Promise<Generation> {
    if (cancellation.isCancelled) throw new CallCancelledError();
    const { pieces, finishReason } = compose(request);
    return {
      text: pieces.join(''),
      finishReason,
      inputTokens: estimateTexts(request.messages),
      outputTokens: pieces.length,
    };
  }

  async *stream(
    request: GenerateRequest,
    cancellation: Cancellation,
  ): AsyncIterable<GenerationPart> {
    const { pieces, finishReason } = compose(request);
    for (const [index, text] of pieces.entries()) {
      if (index % PIECES_PER_TURN === 0) await nextTurn();
      if (cancellation.isCancelled) throw markSent(new CallCancelledError());
      yield { type: 'text-delta', text };
    }
    yield {
      type: 'finish',
      finishReason,
      inputTokens: estimateTexts(request.messages),
      outputTokens: pieces.length,
    };
  }

  async embed(
    request: EmbedRequest,
    cancellation: Cancellation,
  ): Promise<Embeddings> {
    const { dimensions = EMBEDDING_DIMENSIONS } = request;
    if (dimensions !== EMBEDDING_DIMENSIONS) {
      throw new InvalidInputError(
        `Model "${request.model}" makes vectors of ${EMBEDDING_DIMENSIONS} dimensions only. Leave "dimensions" out.`,
        { code: 'unsupported_dimensions' },
      );
    }
    const vectors: number[][] = [];
    let inputTokens = 0;
    for (const [index, input] of request.inputs.entries()) {
      if (index % PIECES_PER_TURN === PIECES_PER_TURN - 1) await nextTurn();
      if (cancellation.isCancelled) throw markSent(new CallCancelledError());
      vectors.push(embedText(input));
      inputTokens += estimateTokens(input);
    }
    return { vectors, inputTokens };
  }

  async health(): Promise<ServiceHealth> {
    return { status: 'UP' };
  }

  async close(): Promise<void> {}
}

/** The answer in estimated tokens, cut as the request says. */
function compose(request: GenerateRequest): {
  pieces: string[];
  finishReason: FinishReason;
} {
  refuseForeign(request);
  const text = cutAtStop(
    answerFromText(request.messages),
    request.stopSequences ?? [],
  );
  const pieces = splitTokens(text);
  const { maxTokens = Infinity } = request;
  return pieces.length > maxTokens
    ? { pieces: pieces.slice(0, maxTokens), finishReason: 'length' }
    : { pieces, finishReason: 'stop' };
}

/** Reads text, and calls no tools. */
function refuseForeign({
  model,
  messages,
  tools,
  toolChoice,
}: GenerateRequest) {
  if (tools?.length && toolChoice?.type !== 'none') {
    throw new InvalidInputError(
      `Model "${model}" calls no tools. Leave "tools" out, or choose another model.`,
      { code: 'unsupported_parameter' },
    );
  }
  if (messages.some(({ content }) => hasImage(content))) {
    throw new InvalidInputError(
      `Model "${model}" reads text only, and a message has a part of type "image". Send parts of type "text".`,
      { code: 'unsupported_content' },
    );
  }
}

function cutAtStop(text: string, stopSequences: string[]): string {
  const ends = stopSequences
    .map(stop => (stop === '' ? -1 : text.indexOf(stop)))
    .filter(end => end >= 0);
  return ends.length > 0 ? text.slice(0, Math.min(...ends)) : text;
}

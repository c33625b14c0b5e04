import type { Embeddings } from '../../../domain/Model';
import { estimateTokens } from '../../../domain/tokens';
import type { BedrockAnswer } from './BedrockConnection';
import { garbled } from './bedrockErrors';
import type { EmbeddingFormat } from './embeddingFormats';

/** Vectors and tokens of one call. Throws when they are not one vector per input. */
export function readEmbeddings(
  answer: BedrockAnswer,
  asked: { format: EmbeddingFormat; batch: string[]; model: string },
): Embeddings {
  const { format, batch, model } = asked;
  const { vectors, inputTokens } = understand(answer, model, body =>
    format.fromBody(body),
  );
  if (vectors.length !== batch.length) throw garbled(model);
  return {
    vectors,
    inputTokens:
      inputTokens ??
      countOf(answer, 'input') ??
      estimateTokens(batch.join('\n')),
  };
}

/** Tokens as InvokeModel counts them, in headers; not for every model. */
export function countOf(
  { headers }: BedrockAnswer,
  side: 'input' | 'output',
): number | undefined {
  const count = Number(headers[`x-amzn-bedrock-${side}-token-count`] ?? NaN);
  return Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

/**
 * Reads the body of an answer.
 *
 * @throws DependencyError (`model_answer_garbled`) when `read` throws
 */
export function understand<T>(
  { body }: BedrockAnswer,
  model: string,
  read: (body: unknown) => T,
): T {
  try {
    return read(JSON.parse(body.toString('utf8')));
  } catch (error) {
    throw garbled(model, error);
  }
}

/** At most `size` inputs each, in order. */
export function toBatches(inputs: string[], size: number): string[][] {
  const batches: string[][] = [];
  for (let start = 0; start < inputs.length; start += size) {
    batches.push(inputs.slice(start, start + size));
  }
  return batches;
}

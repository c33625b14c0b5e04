import type { Embeddings, TokenUsage } from '../../../domain/Model';
import { estimateStrings, estimateTokens } from '../../../domain/tokens';
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
  const counted = inputTokens ?? countOf(answer, 'input');
  if (counted !== undefined) return { vectors, inputTokens: counted };
  const estimate = estimateTokens(batch.join('\n'));
  return { vectors, inputTokens: estimate, isEstimate: true };
}

/**
 * Tokens of an answer in a model's own format.
 *
 * @throws DependencyError (`model_answer_garbled`) when nobody counted and it is no JSON
 */
export function usageOfRaw(
  answer: BedrockAnswer,
  model: string,
  estimateInput: () => number,
): TokenUsage {
  const input = countOf(answer, 'input');
  const output = countOf(answer, 'output');
  if (input !== undefined && output !== undefined) {
    return { inputTokens: input, outputTokens: output };
  }
  return {
    inputTokens: input ?? estimateInput(),
    outputTokens: output ?? understand(answer, model, estimateStrings),
    isEstimate: true,
  };
}

/** Tokens as InvokeModel counts them, in headers; not for every model. */
function countOf(
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

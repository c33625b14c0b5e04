import type { Generation } from '../../domain/Model';

/** Writes a generation as classic clients read it. */
export function toAnswer(
  generation: Pick<Generation, 'text' | 'inputTokens' | 'outputTokens'>,
) {
  return {
    output_text: generation.text,
    input_tokens: generation.inputTokens,
    output_tokens: generation.outputTokens,
  };
}

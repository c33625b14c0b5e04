import { InvalidInputError } from '@genai-environments/service-kit';
import { hashFeatures } from './hashFeatures';

/** Length of the vectors of `local.embedding`. */
export const EMBEDDING_DIMENSIONS = 384;

/**
 * Turns a text into a vector of length 1. The same text gives the same vector on every
 * machine; the dot product of two vectors tells how much two texts have in common.
 *
 * @throws InvalidInputError when the text is blank
 */
export function embedText(text: string): number[] {
  const vector = hashFeatures(text, EMBEDDING_DIMENSIONS);
  const length = Math.sqrt(
    vector.reduce((sum, value) => sum + value * value, 0),
  );
  if (length === 0) {
    throw new InvalidInputError(
      'A blank text has no embedding. Send a text with at least one word or sign.',
      { code: 'blank_input' },
    );
  }
  return Array.from(vector, value => value / length);
}

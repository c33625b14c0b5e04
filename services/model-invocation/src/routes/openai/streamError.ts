import { IdGenerator, toProblem } from '@genai-environments/service-kit';
import { withOpenAiError } from './openAiError';

/** The last event of a stream that broke; OpenAI's SDKs raise it as an error. */
export function toStreamError(error: unknown, newId: IdGenerator): object {
  return withOpenAiError(toProblem(error, { newLogId: newId }).problem);
}

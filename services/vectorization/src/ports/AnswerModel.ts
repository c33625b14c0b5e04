export type AnswerRequest = {
  /** Absent: the environment's default. */
  model?: string;
  messages: Array<{ role: 'system' | 'user'; content: string }>;
  maxTokens?: number;
  temperature?: number;
};

export type AnswerGeneration = {
  model: string;
  text: string;
  inputTokens: number;
  outputTokens: number;
};

export type AnswerPart =
  | { type: 'text-delta'; text: string }
  | {
      type: 'finish';
      model: string;
      inputTokens: number;
      outputTokens: number;
    };

/**
 * Port: a model that answers with text, on behalf of an application whose usage is booked and
 * whose limits hold. Rejects with a `DomainError` whose message a caller may see.
 */
export interface AnswerModel {
  generate(
    clientId: string,
    request: AnswerRequest,
    options?: { signal?: AbortSignal },
  ): Promise<AnswerGeneration>;

  /**
   * Text as it is produced, then exactly one `finish`. Aborting the signal ends the call of
   * the model; the iterator then ends or rejects.
   */
  stream(
    clientId: string,
    request: AnswerRequest,
    options?: { signal?: AbortSignal },
  ): AsyncIterable<AnswerPart>;
}

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

/** Parts that an answer does not show may come in between. */
export type AnswerPart =
  | { type: 'text-delta'; text: string }
  | { type: 'finish'; inputTokens: number; outputTokens: number }
  | {
      type:
        | 'reasoning-delta'
        | 'tool-call-start'
        | 'tool-call-delta'
        | 'tool-call-end';
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
   * Resolves when the answer begins: text as it is produced, then exactly one `finish`.
   * Aborting the signal, or leaving the iterator, ends the call of the model.
   */
  stream(
    clientId: string,
    request: AnswerRequest,
    options?: { signal?: AbortSignal },
  ): Promise<{ model: string; parts: AsyncIterable<AnswerPart> }>;
}

/** One vector per input, in the same order, all of the same length. */
export type EmbedAnswer = {
  model: string;
  vectors: number[][];
  inputTokens: number;
};

/**
 * Port: turns texts into vectors, on behalf of an application whose usage is booked and whose
 * limits hold. Rejects with a `DomainError` whose message a caller may see; a
 * `DependencyError` says whether a retry can help.
 */
export interface Embedder {
  embed(
    clientId: string,
    request: {
      model?: string;
      inputs: string[];
      /** What the texts are; some models embed a question unlike a passage. Default: `document`. */
      purpose?: 'document' | 'query';
    },
    options?: { signal?: AbortSignal },
  ): Promise<EmbedAnswer>;

  /** What `embed` uses when no model is named; `undefined` when there is none. */
  defaultModel(): string | undefined;
}

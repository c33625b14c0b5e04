/** A model that can be invoked. */
export type Model = {
  /** What callers send as `model`, `model_name` or `model_id`. */
  id: string;
  kind: ModelKind;
  /** Who serves it: `built-in` or the id of an upstream. */
  provider: string;
};

export type ModelKind = 'text' | 'embedding';

/** Tokens a call took, as booked. */
export type TokenUsage = { inputTokens: number; outputTokens: number };

export type ChatMessage = {
  role: 'system' | 'user' | 'assistant';
  content: string;
};

/** A request for text, free of any wire format. Absent settings are the model's default. */
export type GenerateRequest = {
  model: string;
  messages: ChatMessage[];
  maxTokens?: number;
  temperature?: number;
  topP?: number;
  topK?: number;
  stopSequences?: string[];
};

/** `stop`: it was done or met a stop sequence; `length`: it met `maxTokens`. */
export type FinishReason = 'stop' | 'length' | 'content-filter' | 'other';

export type Generation = TokenUsage & {
  text: string;
  finishReason: FinishReason;
};

/** One part of a streamed generation; `finish` comes last, exactly once. */
export type GenerationPart =
  | { type: 'text-delta'; text: string }
  | ({ type: 'finish'; finishReason: FinishReason } & TokenUsage);

export type EmbedRequest = {
  model: string;
  inputs: string[];
  /** Length of vectors that is asked for; absent: the model's own. */
  dimensions?: number;
};

/** One vector per input, in the same order. */
export type Embeddings = { vectors: number[][]; inputTokens: number };

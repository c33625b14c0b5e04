import type { AssistantPart, ChatMessage } from './content';
import type { ToolChoice, ToolDefinition } from './tools';

export type {
  AssistantPart,
  ChatMessage,
  ImageMediaType,
  ImagePart,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from './content';
export type { ToolChoice, ToolDefinition } from './tools';

/** A model that can be invoked. */
export type Model = {
  /** What callers send as `model`, `model_name` or `model_id`. */
  id: string;
  kind: ModelKind;
  /** Who serves it: `built-in` or the id of an upstream. */
  provider: string;
  /** Most tokens one answer can have; absent when its server does not say. */
  maxOutputTokens?: number;
  /** Name in the price file where that is another than `id`: a model id of Bedrock. */
  pricedAs?: string;
  /** Somebody bills its calls: without a price nobody knows what they cost. */
  isBilled?: boolean;
};

export type ModelKind = 'text' | 'embedding';

/** Tokens a call took, as booked. */
export type TokenUsage = {
  /** All that was read, tokens of a prompt cache included. */
  inputTokens: number;
  /** All that was written, reasoning included. */
  outputTokens: number;
  /** Of the input: read from the prompt cache of the model's provider. */
  cacheReadTokens?: number;
  /** Of the input: written to the prompt cache of the model's provider. */
  cacheWriteTokens?: number;
  /** Nobody counted: the figures are ours. */
  isEstimate?: boolean;
};

/**
 * A request for text, free of any wire format. Absent settings are the model's default.
 * Whoever cannot honour a setting rejects the request instead of ignoring it, `topK`
 * excepted.
 */
export type GenerateRequest = {
  model: string;
  messages: ChatMessage[];
  maxTokens?: number;
  temperature?: number;
  topP?: number;
  topK?: number;
  stopSequences?: string[];
  tools?: ToolDefinition[];
  /** Absent: `auto` when there are tools. */
  toolChoice?: ToolChoice;
};

/**
 * `stop`: it was done or met a stop sequence; `length`: it met `maxTokens`;
 * `tool-calls`: it waits for the results of its calls.
 */
export type FinishReason =
  | 'stop'
  | 'length'
  | 'tool-calls'
  | 'content-filter'
  | 'other';

export type Generation = TokenUsage & {
  /** All text, joined; empty when it only calls tools. */
  text: string;
  /**
   * Everything in the order it was produced, where that is more than {@link text}:
   * reasoning and tool calls.
   */
  content?: AssistantPart[];
  finishReason: FinishReason;
  /** The stop sequence that ended it, where the model's provider tells. */
  stopSequence?: string;
};

/**
 * One part of a streamed generation. Parts of one tool call stand together: `start`, its
 * JSON input in any number of `delta`s, `end`. `finish` comes last, exactly once.
 */
export type GenerationPart =
  | { type: 'text-delta'; text: string }
  | {
      type: 'reasoning-delta';
      text: string;
      /** Proof of the reasoning that ends here; see {@link ReasoningPart}. */
      signature?: string;
    }
  | { type: 'tool-call-start'; toolCallId: string; toolName: string }
  | { type: 'tool-call-delta'; toolCallId: string; inputDelta: string }
  | { type: 'tool-call-end'; toolCallId: string }
  | ({
      type: 'finish';
      finishReason: FinishReason;
      stopSequence?: string;
    } & TokenUsage);

/** Reads a generation part by part. */
export interface PartIterator extends AsyncIterator<GenerationPart> {
  /**
   * The next part if it is there already: what came together can be passed on together,
   * without a promise for each part. `undefined` says nothing; only `next` tells the end.
   */
  takeReady?(): GenerationPart | undefined;
}

export type EmbedRequest = {
  model: string;
  inputs: string[];
  /** Length of vectors that is asked for; absent: the model's own. */
  dimensions?: number;
  /**
   * What the vectors are for: some models place questions otherwise than the texts that
   * answer them. Default `document`.
   */
  purpose?: EmbedPurpose;
};

export type EmbedPurpose = 'document' | 'query';

/** One vector per input, in the same order. */
export type Embeddings = {
  vectors: number[][];
  inputTokens: number;
  /** Nobody counted: the figure is ours. */
  isEstimate?: boolean;
};

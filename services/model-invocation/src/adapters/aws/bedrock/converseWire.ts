import type {
  ContentBlock,
  ConverseRequest,
  Message,
  ToolResultContentBlock,
} from '@aws-sdk/client-bedrock-runtime';

/** How a type of the SDK looks as JSON: bytes are base64. */
type Wire<T> = T extends Uint8Array
  ? string
  : T extends (infer Item)[]
  ? Wire<Item>[]
  : T extends object
  ? { [Key in keyof T]: Wire<T[Key]> }
  : T;

/** Each union of the SDK has a member for what it does not know. Nobody sends that. */
type Known<T> = T extends { $unknown: [string, unknown] } ? never : T;

export type WireBlock = Wire<Known<ContentBlock>>;
export type WireToolResultContent = Wire<Known<ToolResultContentBlock>>;
export type WireMessage = Omit<Message, 'content'> & { content: WireBlock[] };

/** Body of Converse and of ConverseStream; the model stands in the path. */
export type WireConverseRequest = Omit<
  ConverseRequest,
  'modelId' | 'messages'
> & { messages: WireMessage[] };

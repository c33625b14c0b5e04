/** Formats that every provider with vision reads. */
export const IMAGE_MEDIA_TYPES = [
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
] as const;

export type ImageMediaType = (typeof IMAGE_MEDIA_TYPES)[number];

export type TextPart = { type: 'text'; text: string };

export type ImagePart = {
  type: 'image';
  mediaType: ImageMediaType;
  /** Base64. */
  data: string;
};

/**
 * What a model thought before it answered. Models that sign it want it back unchanged
 * when the results of their tool calls are sent.
 */
export type ReasoningPart = {
  type: 'reasoning';
  text: string;
  signature?: string;
};

/** A model asks for a call of a tool. */
export type ToolCallPart = {
  type: 'tool-call';
  toolCallId: string;
  toolName: string;
  /** As its schema wants it; models may break it. */
  input: Record<string, unknown>;
};

/** The caller answers a {@link ToolCallPart}. */
export type ToolResultPart = {
  type: 'tool-result';
  toolCallId: string;
  content: string | Array<TextPart | ImagePart>;
  /** The tool failed, and `content` says why. */
  isError?: boolean;
};

export type UserPart = TextPart | ImagePart;
export type AssistantPart = TextPart | ReasoningPart | ToolCallPart;
export type AnyPart = UserPart | AssistantPart | ToolResultPart;

export type ChatMessage =
  | { role: 'system'; content: string }
  | { role: 'user'; content: string | UserPart[] }
  | { role: 'assistant'; content: string | AssistantPart[] }
  | { role: 'tool'; content: ToolResultPart[] };

/** One side's say in a {@link Conversation}. */
export type Turn =
  | { role: 'user'; content: Array<UserPart | ToolResultPart> }
  | { role: 'assistant'; content: AssistantPart[] };

/** Messages as models see them that know two roles only. */
export type Conversation = { system: string[]; turns: Turn[] };

/**
 * Joins neighbouring messages of one side: tool results are the user's. What system
 * messages say is collected, wherever they stand.
 */
export function toConversation(messages: ChatMessage[]): Conversation {
  const system: string[] = [];
  const turns: Turn[] = [];
  for (const message of messages) {
    if (message.role === 'system') {
      system.push(message.content);
      continue;
    }
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const parts = toParts(message.content);
    const last = turns.at(-1);
    if (last?.role === role) (last.content as unknown[]).push(...parts);
    else turns.push({ role, content: [...parts] } as Turn);
  }
  return { system, turns };
}

/** A text as the only part; parts as they are. */
export function toParts(content: string | AnyPart[]): AnyPart[] {
  return typeof content === 'string'
    ? [{ type: 'text', text: content }]
    : content;
}

/** The text of a content, parts joined by line ends; images count as nothing. */
export function textOf(content: string | AnyPart[]): string {
  if (typeof content === 'string') return content;
  return content.map(textOfPart).filter(Boolean).join('\n');
}

function textOfPart(part: AnyPart): string {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return part.text;
    case 'tool-call':
      return `${part.toolName} ${JSON.stringify(part.input)}`;
    case 'tool-result':
      return textOf(part.content);
    default:
      return '';
  }
}

/** Whether an image is among the parts, or in the result of a tool. */
export function hasImage(content: string | AnyPart[]): boolean {
  return (
    typeof content !== 'string' &&
    content.some(
      part =>
        part.type === 'image' ||
        (part.type === 'tool-result' && hasImage(part.content)),
    )
  );
}

/** Bytes of text, and number of images. */
export type ContentSize = { bytes: number; images: number };

/** Size of what is asked, found without reading it. */
export function sizeOfMessages(messages: ChatMessage[]): ContentSize {
  const size = { bytes: 0, images: 0 };
  for (const { content } of messages) addSize(content, size);
  return size;
}

function addSize(content: string | AnyPart[], size: ContentSize): void {
  if (typeof content === 'string') {
    size.bytes += Buffer.byteLength(content);
    return;
  }
  for (const part of content) {
    if (part.type === 'image') size.images += 1;
    else if (part.type === 'tool-result') addSize(part.content, size);
    else size.bytes += Buffer.byteLength(textOfPart(part));
  }
}

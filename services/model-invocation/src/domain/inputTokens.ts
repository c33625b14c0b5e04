import { type ChatMessage, sizeOfMessages, textOf } from './content';
import type { GenerateRequest } from './Model';
import {
  boundTokens,
  estimateJsonTokens,
  estimateTokens,
  IMAGE_TOKENS,
} from './tokens';

type Asked = Pick<GenerateRequest, 'messages' | 'tools'>;

/** Most tokens that a request is expected to take, found without reading it. */
export function boundInput({ messages, tools }: Asked): number {
  const { bytes, images } = sizeOfMessages(messages);
  const toolBytes = tools?.length
    ? Buffer.byteLength(JSON.stringify(tools))
    : 0;
  return boundTokens(bytes + toolBytes, images);
}

/**
 * Tokens that a request takes where nobody counts them: its texts and tools as estimated,
 * each image as {@link boundInput} has it.
 */
export function estimateInput({ messages, tools }: Asked): number {
  const { images } = sizeOfMessages(messages);
  const toolTokens = tools?.length
    ? estimateJsonTokens(JSON.stringify(tools))
    : 0;
  return estimateTexts(messages) + toolTokens + images * IMAGE_TOKENS;
}

/** Tokens of all texts. */
export function estimateTexts(messages: ChatMessage[]): number {
  return messages.reduce(
    (sum, { content }) => sum + estimateTokens(textOf(content)),
    0,
  );
}

import {
  type AssistantPart,
  type ImagePart,
  type Turn,
  toConversation,
} from '../../../domain/content';
import type { GenerateRequest } from '../../../domain/Model';
import type {
  WireBlock,
  WireConverseRequest,
  WireMessage,
  WireToolResultContent,
} from './converseWire';
import { REDACTED } from './reasoning';
import { tellToolsAsText, toToolConfig } from './toolConfig';

/**
 * Writes a request as Converse and ConverseStream read it.
 *
 * @param foundationModel - the model behind it: settings that Converse does not know are
 *   written as this one's own API has them
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 */
export function toConverseRequest(
  request: GenerateRequest,
  foundationModel: string,
): WireConverseRequest {
  const { system, turns } = toConversation(request.messages);
  const toolConfig = toToolConfig(request);
  const stops = request.stopSequences?.length
    ? request.stopSequences
    : undefined;
  return {
    messages: (toolConfig ? turns : tellToolsAsText(turns)).map(toMessage),
    system: system.length > 0 ? system.map(text => ({ text })) : undefined,
    inferenceConfig: toInferenceConfig(request, stops),
    toolConfig,
    additionalModelRequestFields: topKOf(request.topK, foundationModel),
    // Which sequence it was is told only when asked for, and only by these models.
    additionalModelResponseFieldPaths:
      stops && foundationModel.includes('anthropic.')
        ? ['/stop_sequence']
        : undefined,
  };
}

function toInferenceConfig(
  { maxTokens, temperature, topP }: GenerateRequest,
  stopSequences: string[] | undefined,
): WireConverseRequest['inferenceConfig'] {
  const isEmpty =
    (maxTokens ?? temperature ?? topP ?? stopSequences) === undefined;
  return isEmpty ? undefined : { maxTokens, temperature, topP, stopSequences };
}

/** Models that know no top-k are asked without it. */
function topKOf(
  topK: number | undefined,
  foundationModel: string,
): WireConverseRequest['additionalModelRequestFields'] {
  if (topK === undefined) return undefined;
  if (/anthropic\.|mistral\./.test(foundationModel)) return { top_k: topK };
  if (foundationModel.includes('cohere.')) return { k: topK };
  if (foundationModel.includes('amazon.nova')) {
    return { inferenceConfig: { topK } };
  }
  return undefined;
}

function toMessage(turn: Turn): WireMessage {
  const blocks = turn.content.map(toBlock).filter(block => block !== undefined);
  // Converse refuses blank texts, which clients send beside tool calls.
  const said = blocks.filter(block => block.text?.trim() !== '');
  return { role: turn.role, content: said.length > 0 ? said : blocks };
}

function toBlock(part: Turn['content'][number]): WireBlock | undefined {
  switch (part.type) {
    case 'text':
      return { text: part.text };
    case 'image':
      return toImage(part);
    case 'reasoning':
      return toReasoning(part);
    case 'tool-call':
      return {
        toolUse: {
          toolUseId: part.toolCallId,
          name: part.toolName,
          input: part.input as {},
        },
      };
    default:
      return {
        toolResult: {
          toolUseId: part.toolCallId,
          content: toResultContent(part.content),
          status: part.isError ? 'error' : undefined,
        },
      };
  }
}

function toResultContent(
  content: Extract<Turn['content'][number], { type: 'tool-result' }>['content'],
): WireToolResultContent[] {
  if (typeof content === 'string') return [{ text: content }];
  return content.map(part =>
    part.type === 'text' ? { text: part.text } : toImage(part),
  );
}

function toImage({ mediaType, data }: ImagePart) {
  const format = mediaType.slice('image/'.length) as 'png';
  return { image: { format, source: { bytes: data } } };
}

/** Without a signature it is another model's, which none takes back. */
function toReasoning({
  text,
  signature,
}: Extract<AssistantPart, { type: 'reasoning' }>): WireBlock | undefined {
  if (!signature) return undefined;
  return signature.startsWith(REDACTED)
    ? {
        reasoningContent: {
          redactedContent: signature.slice(REDACTED.length),
        },
      }
    : { reasoningContent: { reasoningText: { text, signature } } };
}

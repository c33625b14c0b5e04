import type {
  ContentBlockDeltaEvent,
  ContentBlockStartEvent,
  ContentBlockStopEvent,
  MessageStopEvent,
} from '@aws-sdk/client-bedrock-runtime';
import type { GenerationPart, TokenUsage } from '../../../domain/Model';
import { estimateTokens } from '../../../domain/tokens';
import { fromException, nameOf } from './bedrockErrors';
import type { EventStreamMessage } from './EventStreamDecoder';
import {
  additionalFieldsSchema,
  toFinishReason,
  toStopSequence,
  toUsage,
  usageSchema,
} from './fromConverse';
import { REDACTED } from './reasoning';

type Finish = Extract<GenerationPart, { type: 'finish' }>;

/** Turns the events of ConverseStream into parts, one by one. */
export class ConverseEvents {
  /** Ids of tool calls by the index of their block. */
  private readonly toolCalls = new Map<number, string>();
  private stop: Omit<Finish, keyof TokenUsage> | undefined;
  private texts: string[] = [];

  constructor(
    private readonly options: {
      model: string;
      /** Estimate of what was asked, for models that Bedrock does not count. */
      estimateInput: () => number;
    },
  ) {}

  /**
   * The part that a message is, if any. Whatever else it throws comes of a payload that
   * makes no sense.
   *
   * @throws DomainError that Bedrock reports within the stream
   */
  read({ headers, payload }: EventStreamMessage): GenerationPart | undefined {
    if (headers[':message-type'] !== 'event')
      throw this.toError(headers, payload);
    const event = JSON.parse(payload);
    switch (headers[':event-type']) {
      case 'contentBlockDelta':
        return this.readDelta(event);
      case 'contentBlockStart':
        return this.readStart(event);
      case 'contentBlockStop':
        return this.readBlockStop(event);
      case 'messageStop':
        this.readStop(event);
        return undefined;
      case 'metadata':
        return this.finish(toUsage(usageSchema.parse(event.usage)));
      default:
        return undefined;
    }
  }

  /** At the end of the stream: the `finish` that metadata should have brought. */
  end(): GenerationPart | undefined {
    return this.finish({
      inputTokens: this.options.estimateInput(),
      outputTokens: estimateTokens(this.texts.join('')),
      isEstimate: true,
    });
  }

  private readDelta({
    delta,
    contentBlockIndex,
  }: ContentBlockDeltaEvent): GenerationPart | undefined {
    if (delta?.text !== undefined) {
      if (delta.text === '') return undefined;
      this.texts.push(delta.text);
      return { type: 'text-delta', text: delta.text };
    }
    const toolCallId = this.toolCalls.get(contentBlockIndex ?? 0);
    if (delta?.toolUse && toolCallId !== undefined) {
      const inputDelta = delta.toolUse.input ?? '';
      this.texts.push(inputDelta);
      return { type: 'tool-call-delta', toolCallId, inputDelta };
    }
    const reasoning = delta?.reasoningContent;
    if (!reasoning) return undefined;
    const { text = '', signature } = reasoning;
    // The SDK's type has bytes where the wire has base64.
    const redacted = reasoning.redactedContent as unknown as string | undefined;
    this.texts.push(text);
    const proof = redacted ? REDACTED + redacted : signature;
    return {
      type: 'reasoning-delta',
      text,
      ...(proof ? { signature: proof } : {}),
    };
  }

  private readStart({
    start,
    contentBlockIndex,
  }: ContentBlockStartEvent): GenerationPart | undefined {
    const { toolUseId, name } = start?.toolUse ?? {};
    if (toolUseId === undefined || name === undefined) return undefined;
    this.toolCalls.set(contentBlockIndex ?? 0, toolUseId);
    return { type: 'tool-call-start', toolCallId: toolUseId, toolName: name };
  }

  private readBlockStop({
    contentBlockIndex = 0,
  }: ContentBlockStopEvent): GenerationPart | undefined {
    const toolCallId = this.toolCalls.get(contentBlockIndex);
    this.toolCalls.delete(contentBlockIndex);
    return toolCallId === undefined
      ? undefined
      : { type: 'tool-call-end', toolCallId };
  }

  private readStop(event: MessageStopEvent): void {
    const fields = additionalFieldsSchema.parse(
      event.additionalModelResponseFields,
    );
    this.stop = {
      type: 'finish',
      finishReason: toFinishReason(String(event.stopReason)),
      ...toStopSequence(fields),
    };
  }

  /** Once only, and only when the model said that it is done. */
  private finish(usage: TokenUsage): GenerationPart | undefined {
    const { stop } = this;
    this.stop = undefined;
    return stop && { ...stop, ...usage };
  }

  private toError(headers: EventStreamMessage['headers'], payload: string) {
    const name = nameOf(headers[':exception-type'] ?? headers[':error-code']);
    let message = headers[':error-message'];
    try {
      message ??= JSON.parse(payload).message;
    } catch {
      // The name tells enough.
    }
    return fromException(
      { name: name ?? 'InternalServerException', message },
      this.options.model,
    );
  }
}

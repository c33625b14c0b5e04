import type { Problem } from '@genai-environments/service-kit';
import type { GenerationPart } from '../../domain/Model';
import type { EventWriter } from '../eventStream';
import { withAnthropicError } from './anthropicError';
import { toMessageUsage, toStopReason } from './writeMessage';

const NO_USAGE = { inputTokens: 0, outputTokens: 0 };

type BlockType = 'text' | 'thinking' | 'tool_use';

/**
 * Writes parts as the events of Anthropic's streams: one block after the other. Usage is
 * known at the end only, and told in `message_delta`.
 *
 * @see https://docs.anthropic.com/en/docs/build-with-claude/streaming
 */
export class MessageEventWriter implements EventWriter {
  private index = -1;
  private open: BlockType | undefined;

  constructor(private readonly head: { id: string; model: string }) {}

  begin(): string {
    const message = {
      ...this.head,
      type: 'message',
      role: 'assistant',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: toMessageUsage(NO_USAGE),
    };
    return event('message_start', { message });
  }

  part(part: GenerationPart): string {
    switch (part.type) {
      case 'text-delta':
        return (
          this.block('text', { text: '' }) +
          this.delta({ type: 'text_delta', text: part.text })
        );
      case 'reasoning-delta':
        return this.reasoning(part);
      case 'tool-call-start': {
        const { toolCallId: id, toolName: name } = part;
        return this.close() + this.block('tool_use', { id, name, input: {} });
      }
      case 'tool-call-delta':
        return this.delta({
          type: 'input_json_delta',
          partial_json: part.inputDelta,
        });
      case 'tool-call-end':
        return this.close();
      default:
        return this.finish(part);
    }
  }

  end(): string {
    return event('message_stop', {});
  }

  failure(problem: Problem): string {
    return event('error', withAnthropicError(problem));
  }

  private reasoning({
    text,
    signature,
  }: Extract<GenerationPart, { type: 'reasoning-delta' }>): string {
    let events = this.block('thinking', { thinking: '', signature: '' });
    if (text) events += this.delta({ type: 'thinking_delta', thinking: text });
    if (signature) events += this.delta({ type: 'signature_delta', signature });
    return events;
  }

  private finish(part: Extract<GenerationPart, { type: 'finish' }>): string {
    const { finishReason, stopSequence } = part;
    return (
      this.close() +
      event('message_delta', {
        delta: {
          stop_reason: toStopReason(finishReason, stopSequence),
          stop_sequence: stopSequence ?? null,
        },
        usage: toMessageUsage(part),
      })
    );
  }

  /** Begins a block unless one of this type is open. */
  private block(type: BlockType, members: object): string {
    if (this.open === type) return '';
    const closed = this.close();
    this.open = type;
    this.index += 1;
    const { index } = this;
    const content = { type, ...members };
    return (
      closed + event('content_block_start', { index, content_block: content })
    );
  }

  private delta(delta: object): string {
    return event('content_block_delta', { index: this.index, delta });
  }

  private close(): string {
    if (!this.open) return '';
    this.open = undefined;
    return event('content_block_stop', { index: this.index });
  }
}

function event(type: string, members: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
}

import type { Problem } from '@genai-environments/service-kit';
import type { GenerationPart, TokenUsage } from '../../domain/Model';
import type { EventWriter } from '../eventStream';
import { toEvent } from './chatCall';
import { withOpenAiError } from './openAiError';
import { type CompletionHead, toWireReason, toWireUsage } from './writeChat';

/** Writes parts as the chunks of a streamed chat completion. */
export class ChunkWriter implements EventWriter {
  private readonly toolCalls: string[] = [];
  private usage: TokenUsage | undefined;

  constructor(
    private readonly options: CompletionHead & {
      /** Whether the caller wants the usage event. */
      passUsage: boolean;
    },
  ) {}

  begin(): string {
    return this.chunk({ role: 'assistant', content: '' });
  }

  part(part: GenerationPart): string {
    switch (part.type) {
      case 'text-delta':
        return this.chunk({ content: part.text });
      case 'reasoning-delta':
        // A signature means nothing to callers of this API.
        return part.text ? this.chunk({ reasoning_content: part.text }) : '';
      case 'tool-call-start':
        this.toolCalls.push(part.toolCallId);
        return this.toolCall(part.toolCallId, {
          id: part.toolCallId,
          type: 'function',
          function: { name: part.toolName, arguments: '' },
        });
      case 'tool-call-delta':
        return this.toolCall(part.toolCallId, {
          function: { arguments: part.inputDelta },
        });
      case 'finish':
        this.usage = part;
        return this.chunk({}, toWireReason(part.finishReason));
      default:
        return '';
    }
  }

  end(): string {
    const usage =
      this.usage && this.options.passUsage
        ? toEvent({
            ...this.head(),
            choices: [],
            usage: toWireUsage(this.usage),
          })
        : '';
    return `${usage}data: [DONE]\n\n`;
  }

  failure(problem: Problem): string {
    return toEvent(withOpenAiError(problem));
  }

  private toolCall(toolCallId: string, delta: object): string {
    const index = this.toolCalls.indexOf(toolCallId);
    return this.chunk({ tool_calls: [{ index, ...delta }] });
  }

  private chunk(delta: object, finishReason: string | null = null): string {
    return toEvent({
      ...this.head(),
      choices: [
        { index: 0, delta, logprobs: null, finish_reason: finishReason },
      ],
    });
  }

  private head() {
    const { id, created, model } = this.options;
    return { id, object: 'chat.completion.chunk', created, model };
  }
}

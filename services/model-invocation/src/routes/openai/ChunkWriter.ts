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
  /** Members that all chunks have, up to their choices: written once. */
  private readonly head: string;

  constructor(
    private readonly options: CompletionHead & {
      /** Whether the caller wants the usage event. */
      passUsage: boolean;
    },
  ) {
    const { id, created, model } = options;
    const object = 'chat.completion.chunk';
    this.head = JSON.stringify({ id, object, created, model }).slice(0, -1);
  }

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
        ? this.event(`[],"usage":${JSON.stringify(toWireUsage(this.usage))}`)
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
    const written = JSON.stringify(delta);
    const reason = JSON.stringify(finishReason);
    return this.event(
      `[{"index":0,"delta":${written},"logprobs":null,"finish_reason":${reason}}]`,
    );
  }

  private event(choices: string): string {
    return `data: ${this.head},"choices":${choices}}\n\n`;
  }
}

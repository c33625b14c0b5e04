import { DependencyError } from '@genai-environments/service-kit';
import * as z from 'zod';
import type { GenerationPart, TokenUsage } from '../../../domain/Model';
import { toFinishReason } from './chatAnswer';
import { cutShort, garbled } from './upstreamErrors';
import { readUsage } from './usage';

const toolCallDelta = z.object({
  index: z.int().nonnegative().optional(),
  id: z.string().nullish(),
  function: z
    .object({ name: z.string().nullish(), arguments: z.string().nullish() })
    .optional(),
});

const chunkSchema = z.object({
  error: z.unknown().optional(),
  usage: z.unknown().optional(),
  choices: z
    .array(
      z.object({
        delta: z
          .object({
            content: z.string().nullish(),
            reasoning_content: z.string().nullish(),
            reasoning: z.string().nullish(),
            tool_calls: z.array(toolCallDelta).nullish(),
          })
          .nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .optional(),
});

type ToolCallDelta = z.output<typeof toolCallDelta>;

/** Turns the chunks of a streamed chat completion into parts of a generation. */
export class ChunkReader {
  private open: { index: number; toolCallId: string } | undefined;
  private calls = 0;
  private done = false;
  private reason: string | undefined;
  private usage: TokenUsage | undefined;

  constructor(private readonly model: string) {}

  /**
   * Parts that one event tells; the last event tells none.
   *
   * @throws DependencyError for an event that makes no sense or reports an error
   */
  read(data: string): GenerationPart[] {
    if (data === '[DONE]') {
      this.done = true;
      return [];
    }
    const chunk = this.parse(data);
    if (chunk.error) throw failedWithin(this.model);
    this.usage = readUsage(chunk.usage) ?? this.usage;

    const parts: GenerationPart[] = [];
    const choice = chunk.choices?.[0];
    const delta = choice?.delta;
    const reasoning = delta?.reasoning_content || delta?.reasoning;
    if (reasoning) parts.push({ type: 'reasoning-delta', text: reasoning });
    if (delta?.content) {
      this.closeCall(parts);
      parts.push({ type: 'text-delta', text: delta.content });
    }
    for (const call of delta?.tool_calls ?? []) this.readCall(call, parts);
    if (choice?.finish_reason) this.reason = choice.finish_reason;
    return parts;
  }

  /**
   * The last parts, once nothing more comes.
   *
   * @param estimate - counts what was read and written when the upstream does not
   * @throws DependencyError when the upstream had not finished
   */
  end(estimate: () => TokenUsage): GenerationPart[] {
    if (this.reason === undefined && !this.done) throw cutShort(this.model);
    const parts: GenerationPart[] = [];
    this.closeCall(parts);
    parts.push({
      type: 'finish',
      finishReason: toFinishReason(this.reason, { calls: this.calls > 0 }),
      ...(this.usage ?? estimate()),
    });
    return parts;
  }

  private parse(data: string) {
    try {
      return chunkSchema.parse(JSON.parse(data));
    } catch (error) {
      throw garbled(this.model, error);
    }
  }

  private readCall(delta: ToolCallDelta, parts: GenerationPart[]): void {
    const { index = this.open?.index ?? 0, id, function: called } = delta;
    if (this.open?.index !== index) {
      this.closeCall(parts);
      if (!id || !called?.name || index < this.calls) throw garbled(this.model);
      this.open = { index, toolCallId: id };
      this.calls = index + 1;
      const toolName = called.name;
      parts.push({ type: 'tool-call-start', toolCallId: id, toolName });
    }
    if (called?.arguments) {
      const { toolCallId } = this.open;
      const inputDelta = called.arguments;
      parts.push({ type: 'tool-call-delta', toolCallId, inputDelta });
    }
  }

  private closeCall(parts: GenerationPart[]): void {
    if (!this.open) return;
    parts.push({ type: 'tool-call-end', toolCallId: this.open.toolCallId });
    this.open = undefined;
  }
}

function failedWithin(model: string): DependencyError {
  return new DependencyError(
    `The server of model "${model}" failed in the middle of its answer. Try again.`,
    { kind: 'failed', retryable: true, code: 'model_failed' },
  );
}

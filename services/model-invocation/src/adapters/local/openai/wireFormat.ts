import * as z from 'zod';
import type { FinishReason, GenerateRequest } from '../../../domain/Model';

/** What is used of a chat completion; upstreams add more. */
export const chatCompletionSchema = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content: z.string().nullish() }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
  usage: z.unknown().optional(),
});

/** What is used of an embeddings answer. */
export const embeddingsAnswerSchema = z.object({
  data: z.array(
    z.object({ index: z.number().int(), embedding: z.array(z.number()) }),
  ),
  usage: z.unknown().optional(),
});

/** Writes a request as OpenAI-compatible servers read it. */
export function toChatBody(request: GenerateRequest): string {
  return JSON.stringify({
    model: request.model,
    messages: request.messages,
    max_tokens: request.maxTokens,
    temperature: request.temperature,
    top_p: request.topP,
    // Not OpenAI's, but Ollama, vLLM and llama.cpp know it; sent only when asked for.
    top_k: request.topK,
    stop: request.stopSequences?.length ? request.stopSequences : undefined,
  });
}

export function toFinishReason(
  reason: string | null | undefined,
): FinishReason {
  switch (reason) {
    case 'stop':
    case 'length':
      return reason;
    case 'content_filter':
      return 'content-filter';
    default:
      return 'other';
  }
}

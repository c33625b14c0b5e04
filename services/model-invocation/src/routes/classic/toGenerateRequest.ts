import type { ChatMessage, GenerateRequest } from '../../domain/Model';
import type { InvokeRequest } from './schemas';

/** Reads a classic invocation. `temperature: 0` means 0; all text blocks are joined. */
export function toGenerateRequest(body: InvokeRequest): GenerateRequest {
  const system: ChatMessage[] = (body.system_prompts ?? []).map(({ text }) => ({
    role: 'system',
    content: text,
  }));
  const messages: ChatMessage[] =
    typeof body.prompt === 'string'
      ? [{ role: 'user', content: body.prompt }]
      : body.prompt.map(({ role, content }) => ({
          role,
          content: joinBlocks(content),
        }));
  return {
    model: body.model_name,
    messages: [...system, ...messages],
    maxTokens: body.max_tokens ?? undefined,
    temperature: body.temperature ?? undefined,
    topP: body.top_p ?? undefined,
    topK: body.top_k ?? undefined,
    stopSequences: body.stop_sequences ?? undefined,
  };
}

/** One text of a content that may come in blocks. */
export function joinBlocks(content: string | Array<{ text: string }>): string {
  return typeof content === 'string'
    ? content
    : content.map(block => block.text).join('\n');
}

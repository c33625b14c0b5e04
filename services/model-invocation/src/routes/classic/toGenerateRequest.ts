import type { ChatMessage, GenerateRequest } from '../../domain/Model';
import type { InvokeRequest } from './schemas';

/**
 * Reads a classic invocation. `temperature: 0` means 0; all text blocks are joined.
 *
 * @param named - text of the prompt that `prompt_template` names
 */
export function toGenerateRequest(
  body: InvokeRequest,
  named: string | undefined,
): GenerateRequest {
  const system: ChatMessage[] = (body.system_prompts ?? []).map(({ text }) => ({
    role: 'system',
    content: text,
  }));
  const template: ChatMessage[] =
    named === undefined ? [] : [{ role: 'user', content: named }];
  return {
    model: body.model_name,
    messages: [...system, ...template, ...messagesOf(body.prompt)],
    maxTokens: body.max_tokens ?? undefined,
    temperature: body.temperature ?? undefined,
    topP: body.top_p ?? undefined,
    topK: body.top_k ?? undefined,
    stopSequences: body.stop_sequences ?? undefined,
  };
}

function messagesOf(prompt: InvokeRequest['prompt']): ChatMessage[] {
  if (typeof prompt === 'string') return [{ role: 'user', content: prompt }];
  return (prompt ?? []).map(({ role, content }) => ({
    role,
    content: joinBlocks(content),
  }));
}

/** One text of a content that may come in blocks. */
export function joinBlocks(content: string | Array<{ text: string }>): string {
  return typeof content === 'string'
    ? content
    : content.map(block => block.text).join('\n');
}

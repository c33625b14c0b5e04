/**
 * The text of an answer in a model's own format: that of Anthropic, Amazon Nova and Titan,
 * Meta, Mistral, Cohere, AI21, DeepSeek and OpenAI. What is none of these is answered as it
 * came.
 */
export function readRawText(body: Buffer): string {
  const text = body.toString('utf8');
  try {
    return findText(JSON.parse(text)) ?? text;
  } catch {
    return text;
  }
}

function findText(answer: any): string | undefined {
  return (
    joined(answer.content) ??
    joined(answer.output?.message?.content) ??
    joined(answer.message?.content) ??
    joined(answer.choices?.[0]?.message?.content) ??
    firstText(
      answer.results?.[0]?.outputText,
      answer.outputs?.[0]?.text,
      answer.generations?.[0]?.text,
      answer.completions?.[0]?.data?.text,
      answer.choices?.[0]?.text,
      answer.generation,
      answer.completion,
      answer.text,
    )
  );
}

/** All text blocks; `undefined` when there is no content. */
function joined(content: unknown): string | undefined {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return undefined;
  return content
    .map(block => (typeof block?.text === 'string' ? block.text : ''))
    .join('');
}

function firstText(...found: unknown[]): string | undefined {
  return found.find((text): text is string => typeof text === 'string');
}

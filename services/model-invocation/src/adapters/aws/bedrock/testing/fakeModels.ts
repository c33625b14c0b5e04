import { answerException, answerJson, type FakeBehaviour } from './FakeBedrock';
import { startEventStream, textEvents } from './eventStream';

const WORDS = ['Boats ', 'sail ', 'by.'];
const MAX_INPUT = 1_000_000;

/**
 * Behaves as models do: Converse always says the same, embeddings depend on the text,
 * and what is too long is refused.
 */
export const answerAsModels: FakeBehaviour = (call, response) => {
  const { path, raw, body } = call;
  const usage = { inputTokens: raw.length, outputTokens: WORDS.length };
  if (raw.length > MAX_INPUT) {
    answerException(
      400,
      'ValidationException',
      'Input is too long for requested model.',
    )(call, response);
  } else if (path.endsWith('/converse')) {
    answerJson(converseAnswer([{ text: WORDS.join('') }], { usage }))(
      call,
      response,
    );
  } else if (path.endsWith('/converse-stream')) {
    startEventStream(response).end(Buffer.concat(textEvents(WORDS, usage)));
  } else if (path.includes('cohere')) {
    answerJson(
      { embeddings: body.texts.map(vectorOf), id: '1', texts: body.texts },
      { 'x-amzn-bedrock-input-token-count': String(raw.length) },
    )(call, response);
  } else {
    answerJson({
      embedding: vectorOf(body.inputText),
      inputTextTokenCount: body.inputText.length,
    })(call, response);
  }
};

/** An answer of Converse. */
export function converseAnswer(content: object[], more: object = {}): object {
  return {
    output: { message: { role: 'assistant', content } },
    stopReason: 'end_turn',
    usage: { inputTokens: 11, outputTokens: 7, totalTokens: 18 },
    metrics: { latencyMs: 12 },
    ...more,
  };
}

function vectorOf(text: string): number[] {
  return [text.length, text.charCodeAt(0), 0.5];
}

import { InvalidInputError } from '@genai-environments/service-kit';
import { type ChatMessage, textOf } from '../../../domain/content';
import { RankedSentence, SentenceIndex } from './ranking';
import { splitSentences } from './sentences';
import { readTask, Task } from './task';

/** Said when there is no text to work on. */
export const SELF_DESCRIPTION =
  'I am local.extractive, the built-in model of this environment. I do not generate text: I pick the sentences that ' +
  'answer a question, or that sum a text up, out of a text you give me, word for word. Send the text together with ' +
  'your question or the word "summarise". For free conversation, ask the owner of this environment to add a generative model.';

/** Said when the text has nothing to do with the question. */
export const NOTHING_FOUND =
  'I found nothing about this in the text I was given. I am local.extractive, the built-in model: I can only quote the ' +
  'text, so try the words that the text itself uses.';

/** Ranking is quick, but not for free: about 100 ms of CPU at this size. */
const MAX_CHARACTERS = 400_000;
const DEFAULT_ANSWER_SENTENCES = 3;
/** Sentences that fit less than this share of the best one are left out. */
const RELEVANCE_FLOOR = 0.5;

/**
 * Answers from the text within the conversation, by quoting it. Deterministic.
 *
 * @throws InvalidInputError (`context_length_exceeded`) when the text is too long
 */
export function answerFromText(messages: ChatMessage[]): string {
  const size = messages.reduce(
    (sum, { content }) => sum + textOf(content).length,
    0,
  );
  if (size > MAX_CHARACTERS) {
    throw new InvalidInputError(
      `local.extractive reads at most ${MAX_CHARACTERS} characters, and ${size} were sent. Send the text in parts.`,
      { code: 'context_length_exceeded' },
    );
  }
  const task = readTask(messages);
  const sentences = splitSentences(task.material);
  if (sentences.length === 0) return SELF_DESCRIPTION;

  const index = new SentenceIndex(sentences);
  const picked =
    task.kind === 'summary'
      ? summarise(index, task, sentences.length)
      : findAnswer(index, task);
  if (picked.length === 0) return NOTHING_FOUND;
  return write(picked, task);
}

function summarise(
  index: SentenceIndex,
  task: Task,
  available: number,
): RankedSentence[] {
  // A third of a short text, and no more than seven sentences of a long one.
  const usual = Math.min(7, Math.max(1, Math.ceil(available / 3)));
  return index.pickDiverse(index.rankByCentrality(), task.sentences ?? usual);
}

function findAnswer(index: SentenceIndex, task: Task): RankedSentence[] {
  const ranked = index.rankFor(task.instruction);
  const floor = (ranked[0]?.score ?? 0) * RELEVANCE_FLOOR;
  return index.pickDiverse(
    ranked.filter(sentence => sentence.score >= floor),
    task.sentences ?? DEFAULT_ANSWER_SENTENCES,
  );
}

/** In the order of the text, one paragraph unless a list was asked for. */
function write(picked: RankedSentence[], task: Task): string {
  const ordered = [...picked].sort((a, b) => a.position - b.position);
  return task.bullets
    ? ordered.map(sentence => `- ${sentence.text}`).join('\n')
    : ordered.map(sentence => sentence.text).join(' ');
}

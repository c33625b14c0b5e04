import { DependencyError } from '@genai-environments/service-kit';
import type {
  AnswerGeneration,
  AnswerModel,
  AnswerRequest,
} from '../../ports/AnswerModel';
import type { FoundChunk } from '../Chunk';
import type { Filter } from '../filter';
import type { Search, SearchMode } from '../Search';
import { citedPassages } from './citations';
import { fitPassages, toMessages } from './prompt';

/** Said, without asking a model, when the search finds nothing. */
export const NOTHING_FOUND =
  'Nothing was found about this: the index holds no passage that the question and its filter allow.';

export type AnswerQuestion = {
  indexId: string;
  question: string;
  /** Absent: the environment's default. */
  model?: string;
  topK: number;
  /** As of a search. */
  mode?: SearchMode;
  filter?: Filter;
};

export type Answer = {
  text: string;
  /** Passages the answer rests on; none when it rests on none. */
  citations: FoundChunk[];
  /** Absent when no model was asked. */
  model?: string;
  usage: { inputTokens: number; outputTokens: number };
};

/** `finish` comes last, exactly once. */
export type AnswerEvent =
  | { type: 'text-delta'; text: string }
  | { type: 'finish'; answer: Answer };

/** Answers questions from what an index holds, and says from where. */
export class Answers {
  constructor(
    private readonly options: { search: Search; model: AnswerModel },
  ) {}

  /** @throws DomainError as the search and the model do */
  async answer(
    clientId: string,
    question: AnswerQuestion,
    options: { signal?: AbortSignal } = {},
  ): Promise<Answer> {
    const passages = await this.findPassages(clientId, question);
    if (passages.length === 0) return nothingFound();
    const request = toRequest(question, passages);
    const { model } = this.options;
    return toAnswer(await model.generate(clientId, request, options), passages);
  }

  /** The same, as it is produced. Rejects as {@link answer} does. */
  async *stream(
    clientId: string,
    question: AnswerQuestion,
    options: { signal?: AbortSignal } = {},
  ): AsyncGenerator<AnswerEvent> {
    const passages = await this.findPassages(clientId, question);
    if (passages.length === 0) {
      const answer = nothingFound();
      yield { type: 'text-delta', text: answer.text };
      yield { type: 'finish', answer };
      return;
    }
    const request = toRequest(question, passages);
    let text = '';
    const { model, parts } = await this.options.model.stream(
      clientId,
      request,
      options,
    );
    for await (const part of parts) {
      if (part.type === 'text-delta') {
        text += part.text;
        yield { type: 'text-delta', text: part.text };
      } else if (part.type === 'finish') {
        const { inputTokens, outputTokens } = part;
        const generation = { model, text, inputTokens, outputTokens };
        yield { type: 'finish', answer: toAnswer(generation, passages) };
        return;
      }
    }
    throw new DependencyError(
      'The model ended its answer without saying that it was complete. Ask again.',
      { kind: 'failed', retryable: true, code: 'incomplete_answer' },
    );
  }

  private async findPassages(
    clientId: string,
    { question, ...request }: AnswerQuestion,
  ): Promise<FoundChunk[]> {
    const { search } = this.options;
    const found = await search.find(clientId, { ...request, query: question });
    return fitPassages(found);
  }
}

function toRequest(
  { question, model }: AnswerQuestion,
  passages: FoundChunk[],
): AnswerRequest {
  return { model, messages: toMessages(question, passages), temperature: 0 };
}

function toAnswer(
  generation: AnswerGeneration,
  passages: FoundChunk[],
): Answer {
  const { text, model, inputTokens, outputTokens } = generation;
  return {
    text,
    model,
    citations: citedPassages(text, passages),
    usage: { inputTokens, outputTokens },
  };
}

function nothingFound(): Answer {
  return {
    text: NOTHING_FOUND,
    citations: [],
    usage: { inputTokens: 0, outputTokens: 0 },
  };
}

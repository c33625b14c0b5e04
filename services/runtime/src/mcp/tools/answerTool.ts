import * as z from 'zod';
import type { McpAnswers } from '../ports';
import {
  describeSource,
  filterSchema,
  indexIdSchema,
  passageSchema,
  toData,
} from './passages';
import { defineTool, type Tool } from './Tool';

/** `answer`: an answer from the documents of an index, with citations. */
export function createAnswerTool(answers: McpAnswers): Tool {
  return defineTool({
    name: 'answer',
    title: 'Answer from documents',
    description:
      'Answers a question from the documents of an index and cites the passages it used.',
    // As its route: it tells what stands in documents, and spends on a model.
    scopes: ['genai/vector.read', 'genai/model.invoke'],
    idempotent: false,
    input: z.object({
      index_id: indexIdSchema,
      question: z.string().min(1).max(10_000),
      model_name: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .describe('A model of the environment; its default one when absent.'),
      top_k: z.int().min(1).max(50).optional(),
      filter: filterSchema,
    }),
    output: z.object({
      answer: z.string(),
      model: z.string().optional(),
      citations: z.array(passageSchema),
    }),
    async run(input, { clientId, signal }) {
      const { text, model, citations } = await answers(
        clientId,
        {
          indexId: input.index_id,
          question: input.question,
          model: input.model_name,
          topK: input.top_k,
          filter: input.filter,
        },
        { signal },
      );
      // Not numbered: marks in the text count the passages that were looked at.
      const sources = citations.map(each => `- ${describeSource(each)}`);
      return {
        text: sources.length
          ? `${text}\n\nSources:\n${sources.join('\n')}`
          : text,
        data: {
          answer: text,
          ...(model === undefined ? {} : { model }),
          citations: citations.map(toData),
        },
      };
    },
  });
}

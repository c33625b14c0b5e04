import {
  Caller,
  CLASSIC_SCOPE,
  classicOr,
  DependencyError,
  ForbiddenError,
  type ServiceApp,
} from '@genai-environments/service-kit';
import type { FastifyReply } from 'fastify';
import * as z from 'zod';
import type { Answer, AnswerQuestion } from '../domain/answers/Answers';
import { parseFilter } from '../domain/filter';
import { sendAnswerStream } from './answerStream';
import type { RouteDependencies } from './dependencies';
import { filterSchema, idSchema, topKSchema } from './schemas';

const DEFAULT_TOP_K = 4;

const answerRequestSchema = z
  .object({
    index_id: idSchema,
    question: z.string().max(20_000).regex(/\S/, 'must not be blank'),
    model_name: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Absent: the default text model of the environment.'),
    top_k: topKSchema
      .optional()
      .describe('Most passages to answer from; default 4.'),
    mode: z
      .enum(['vector', 'hybrid'])
      .optional()
      .describe(
        'How passages are found; default `hybrid`, or `vector` where the store does not rank by words.',
      ),
    filter: filterSchema.optional(),
    stream: z.boolean().optional(),
  })
  .meta({ id: 'AnswerRequest' });

const answerSchema = z
  .object({
    answer: z.string(),
    citations: z
      .array(
        z.object({
          file_name: z.string(),
          page_number: z.int().optional(),
          chunk_id: z.string(),
          text: z.string(),
          score: z.number(),
        }),
      )
      .describe('Passages that the answer rests on.'),
    model: z
      .string()
      .nullable()
      .describe('`null` when nothing was found and no model was asked.'),
    usage: z.object({ input_tokens: z.int(), output_tokens: z.int() }),
  })
  .meta({ id: 'Answer' });

/** `POST /v1/answers`. */
export function addAnswerRoute(
  app: ServiceApp,
  dependencies: RouteDependencies,
): void {
  app.post(
    '/v1/answers',
    {
      config: { auth: classicOr('genai/vector.read') },
      schema: {
        summary: 'Answer a question from an index, with citations',
        description:
          'Needs the scope `genai/model.invoke` too, unless it is the classic one. ' +
          'With `stream: true` the answer is a stream of server-sent events: ' +
          '`{"type": "text-delta", "text"}` as it is produced, then ' +
          '`{"type": "finish", "answer", "citations", "model", "usage"}`, or ' +
          '`{"type": "error", "problem"}` when it broke.',
        body: answerRequestSchema,
        response: { 200: answerSchema },
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => {
      assertMayInvoke(request.caller!);
      const answers = needAnswers(dependencies);
      const question = toQuestion(request.body);
      const { clientId } = request.caller!;
      const signal = abortOnHangUp(reply);
      try {
        if (!request.body.stream) {
          return toBody(await answers.answer(clientId, question, { signal }));
        }
        await sendAnswerStream(answers.stream(clientId, question, { signal }), {
          request,
          reply,
          newId: dependencies.newId,
          toBody,
        });
      } catch (error) {
        if (!signal.aborted) throw error;
        // Nobody is there to be told, and hanging up is no failure.
        reply.hijack();
      }
      return reply;
    },
  );
}

/** Reading an index must not open a way to models. */
function assertMayInvoke(caller: Caller): void {
  const sufficientScopes = ['genai/model.invoke', CLASSIC_SCOPE];
  if (sufficientScopes.some(scope => caller.hasScope(scope))) return;
  throw new ForbiddenError(
    'An answer asks a model: the token needs the scope "genai/model.invoke" beside "genai/vector.read".',
    { code: 'insufficient_scope', sufficientScopes },
  );
}

function needAnswers({ answers }: RouteDependencies) {
  if (answers) return answers;
  throw new DependencyError(
    'This environment has no model that answers questions. Ask its owner to add the service model-invocation with a text model.',
    { kind: 'unavailable', retryable: false, code: 'no_answer_model' },
  );
}

function toQuestion(
  body: z.output<typeof answerRequestSchema>,
): AnswerQuestion {
  return {
    indexId: body.index_id,
    question: body.question,
    model: body.model_name,
    topK: body.top_k ?? DEFAULT_TOP_K,
    mode: body.mode,
    filter: body.filter && parseFilter(body.filter),
  };
}

/** Nobody waits any more: the call of the model ends too. */
function abortOnHangUp({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort();
  });
  return controller.signal;
}

function toBody(answer: Answer): z.input<typeof answerSchema> {
  return {
    answer: answer.text,
    citations: answer.citations.map(
      ({ fileName, pageNumber, chunkId, text, score }) => ({
        file_name: fileName,
        ...(pageNumber === undefined ? {} : { page_number: pageNumber }),
        chunk_id: chunkId,
        text,
        score,
      }),
    ),
    model: answer.model ?? null,
    usage: {
      input_tokens: answer.usage.inputTokens,
      output_tokens: answer.usage.outputTokens,
    },
  };
}

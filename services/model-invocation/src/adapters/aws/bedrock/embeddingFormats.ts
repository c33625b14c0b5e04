import { InvalidInputError } from '@genai-environments/service-kit';
import * as z from 'zod';
import type { EmbedRequest } from '../../../domain/Model';

/** What is asked of the vectors; see `EmbedRequest`. */
export type EmbeddingWish = Pick<EmbedRequest, 'dimensions' | 'purpose'>;

/** How one family of embedding models is asked, and how its answers are read. */
export type EmbeddingFormat = {
  /** Texts that one call takes. */
  batchSize: number;
  /** Lengths of vectors that may be asked for; empty: its own only. */
  dimensions: readonly number[];
  toBody(inputs: string[], wanted: EmbeddingWish): object;
  /** Vectors of one call, and tokens where the body counts them. Throws a `ZodError`. */
  fromBody(body: unknown): { vectors: number[][]; inputTokens?: number };
};

/** Not `z.array(z.number())`: a batch has a hundred thousand numbers. */
const vector = z.custom<number[]>(
  value =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(item => typeof item === 'number'),
);
const titanAnswer = z.object({
  embedding: vector,
  inputTextTokenCount: z.int().nonnegative(),
});
const novaAnswer = z.object({
  embeddings: z.array(z.object({ embedding: vector })).length(1),
});
/** An object where types were asked for, a plain list otherwise. */
const cohereAnswer = z.object({
  embeddings: z.union([z.array(vector), z.object({ float: z.array(vector) })]),
});

const fromTitan: EmbeddingFormat['fromBody'] = body => {
  const { embedding, inputTextTokenCount } = titanAnswer.parse(body);
  return { vectors: [embedding], inputTokens: inputTextTokenCount };
};
const fromCohere: EmbeddingFormat['fromBody'] = body => {
  const { embeddings } = cohereAnswer.parse(body);
  return { vectors: Array.isArray(embeddings) ? embeddings : embeddings.float };
};

const cohereType = ({ purpose = 'document' }: EmbeddingWish) =>
  `search_${purpose}`;

/** @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html */
const titanV1: EmbeddingFormat = {
  batchSize: 1,
  dimensions: [],
  toBody: ([inputText]) => ({ inputText }),
  fromBody: fromTitan,
};
const titanV2: EmbeddingFormat = {
  batchSize: 1,
  dimensions: [1024, 512, 256],
  toBody: ([inputText], { dimensions }) => ({
    inputText,
    dimensions,
    normalize: true,
  }),
  fromBody: fromTitan,
};
/** @see https://docs.aws.amazon.com/nova/latest/userguide/embeddings-schema.html */
const nova: EmbeddingFormat = {
  batchSize: 1,
  dimensions: [3072, 1024, 384, 256],
  toBody: ([value], { dimensions, purpose }) => ({
    taskType: 'SINGLE_EMBEDDING',
    singleEmbeddingParams: {
      embeddingPurpose:
        purpose === 'query' ? 'GENERIC_RETRIEVAL' : 'GENERIC_INDEX',
      embeddingDimension: dimensions,
      text: { truncationMode: 'NONE', value },
    },
  }),
  fromBody: body => ({
    vectors: novaAnswer.parse(body).embeddings.map(item => item.embedding),
  }),
};
/** @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed-v3.html */
const cohereV3: EmbeddingFormat = {
  batchSize: 96,
  dimensions: [],
  toBody: (texts, wanted) => ({ texts, input_type: cohereType(wanted) }),
  fromBody: fromCohere,
};
/** @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed-v4.html */
const cohereV4: EmbeddingFormat = {
  batchSize: 96,
  dimensions: [1536, 1024, 512, 256],
  toBody: (texts, wanted) => ({
    texts,
    input_type: cohereType(wanted),
    embedding_types: ['float'],
    output_dimension: wanted.dimensions,
  }),
  fromBody: fromCohere,
};

const FORMATS: Array<[part: string, format: EmbeddingFormat]> = [
  ['amazon.titan-embed-text-v2', titanV2],
  ['amazon.titan-embed', titanV1],
  ['amazon.nova-2-multimodal-embeddings', nova],
  ['cohere.embed-v4', cohereV4],
  ['cohere.embed-', cohereV3],
];

/** The format of a model, by its id; `undefined` when it is none that is known. */
export function embeddingFormatOf(
  foundationModel: string,
): EmbeddingFormat | undefined {
  return FORMATS.find(([part]) => foundationModel.includes(part))?.[1];
}

/** @throws InvalidInputError (`unsupported_dimensions`) */
export function assertDimensions(
  format: EmbeddingFormat,
  model: string,
  dimensions: number | undefined,
): void {
  if (dimensions === undefined || format.dimensions.includes(dimensions)) {
    return;
  }
  const choice =
    format.dimensions.length > 0
      ? `Ask for one of ${format.dimensions.join(
          ', ',
        )}, or leave "dimensions" out.`
      : 'Leave "dimensions" out.';
  throw new InvalidInputError(
    `Model "${model}" cannot make vectors of ${dimensions} dimensions. ${choice}`,
    { code: 'unsupported_dimensions' },
  );
}

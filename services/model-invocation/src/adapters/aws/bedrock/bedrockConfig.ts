import * as z from 'zod';
import { embeddingFormatOf } from './embeddingFormats';

/** The models of Bedrock that an environment may invoke, and where. */
export const bedrockConfigSchema = z.strictObject({
  region: z
    .string()
    .max(30)
    .regex(
      /^[a-z]{2}(-[a-z]+)+-\d$/,
      'must be a region such as "eu-central-1"',
    ),
  /** Address of Bedrock's runtime; absent: AWS's own in the region. */
  endpoint: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional(),
  models: z
    .array(
      z
        .strictObject({
          /** What callers name it. */
          id: z.string().min(1).max(200),
          kind: z.enum(['text', 'embedding']),
          /** Id of a model, or id or ARN of an inference profile. */
          modelId: z
            .string()
            .max(2048)
            .regex(
              /^[a-zA-Z0-9._:/-]+$/,
              'must be the id or ARN of a model or inference profile',
            ),
          /**
           * Which model is behind it, where `modelId` does not say so: ARNs of application
           * inference profiles do not.
           */
          foundationModel: z.string().min(1).max(200).optional(),
          /** Most tokens one answer can have. */
          maxOutputTokens: z.int().min(1).max(10_000_000).optional(),
        })
        .refine(
          model =>
            model.kind !== 'embedding' ||
            embeddingFormatOf(model.foundationModel ?? model.modelId) !==
              undefined,
          {
            path: ['foundationModel'],
            message:
              'must name an embedding model of Amazon Titan, Amazon Nova or Cohere, e.g. "amazon.titan-embed-text-v2:0"',
          },
        ),
    )
    .min(1)
    .max(200),
});

export type BedrockConfig = z.infer<typeof bedrockConfigSchema>;
export type BedrockModelConfig = BedrockConfig['models'][number];

/** Address of Bedrock's runtime in a region. */
export function endpointOf({ region, endpoint }: BedrockConfig): string {
  const domain = region.startsWith('cn-')
    ? 'amazonaws.com.cn'
    : 'amazonaws.com';
  return endpoint ?? `https://bedrock-runtime.${region}.${domain}`;
}

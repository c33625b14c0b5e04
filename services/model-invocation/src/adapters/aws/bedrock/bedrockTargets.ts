import type { Model } from '../../../domain/Model';
import type { BedrockConfig } from './bedrockConfig';
import { type EmbeddingFormat, embeddingFormatOf } from './embeddingFormats';
import { encodeSegment } from './RequestSigner';

/** A model as callers see it, and how Bedrock is asked for it. */
export type BedrockTarget = {
  model: Model;
  /** `/model/{id}`, percent-encoded. */
  path: string;
  /** The model behind an inference profile, or itself. */
  foundationModel: string;
  embeddingFormat?: EmbeddingFormat;
};

/** Targets by the id that callers use. */
export function toTargets({
  models,
}: BedrockConfig): Map<string, BedrockTarget> {
  return new Map(
    models.map(
      ({ id, kind, modelId, foundationModel = modelId, maxOutputTokens }) => [
        id,
        {
          model: {
            id,
            kind,
            provider: 'bedrock',
            isBilled: true,
            pricedAs: foundationModel,
            ...(maxOutputTokens ? { maxOutputTokens } : {}),
          },
          path: `/model/${encodeSegment(modelId)}`,
          foundationModel,
          ...(kind === 'embedding'
            ? { embeddingFormat: embeddingFormatOf(foundationModel) }
            : {}),
        },
      ],
    ),
  );
}

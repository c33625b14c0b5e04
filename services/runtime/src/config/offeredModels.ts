import {
  type BedrockConfig,
  BUILT_IN_MODELS,
  type ModelKind,
  type UpstreamConfig,
} from '@genai-environments/model-invocation';

/** Which models somebody serves, with their kinds. */
export function offeredModels(config: {
  upstreams: UpstreamConfig[];
  bedrock?: BedrockConfig;
}): Array<{ id: string; kind: ModelKind }> {
  return [
    ...BUILT_IN_MODELS,
    ...(config.bedrock?.models ?? []),
    ...config.upstreams.flatMap(upstream => upstream.models),
  ];
}

import { BUILT_IN_MODELS } from '@genai-environments/model-invocation';
import type { RuntimeConfig } from '../config';

/** The first of the environment's models that answers with text. */
export function findTextModel(
  config: Pick<RuntimeConfig, 'models' | 'upstreams' | 'bedrock'>,
): string | undefined {
  const offered = [
    ...BUILT_IN_MODELS,
    ...(config.bedrock?.models ?? []),
    ...config.upstreams.flatMap(upstream => upstream.models),
  ];
  return config.models.find(id =>
    offered.some(model => model.id === id && model.kind === 'text'),
  );
}

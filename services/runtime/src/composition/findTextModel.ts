import type { RuntimeConfig } from '../config';
import { offeredModels } from '../config/offeredModels';

/** The first of the environment's models that answers with text. */
export function findTextModel(
  config: Pick<RuntimeConfig, 'models' | 'upstreams' | 'bedrock'>,
): string | undefined {
  const offered = offeredModels(config);
  return config.models.find(id =>
    offered.some(model => model.id === id && model.kind === 'text'),
  );
}

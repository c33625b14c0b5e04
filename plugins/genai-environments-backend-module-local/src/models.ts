import type { ModelInfo } from '@genai-environments/backstage-plugin-genai-environments-common';
import type { Upstream } from './config';

/** Models that every runtime brings along; they need no server. */
export const BUILT_IN_MODELS: ModelInfo[] = [
  {
    id: 'local.extractive',
    name: 'Built-in extractive model',
    kind: 'text',
    provider: 'built-in',
    description:
      'Answers with sentences of the text it is given, and says so. Deterministic; writes nothing of its own.',
  },
  {
    id: 'local.embedding',
    name: 'Built-in embedding model',
    kind: 'embedding',
    provider: 'built-in',
    description:
      'Hashes words and character sequences into a vector. Finds similar wording, not similar meaning.',
  },
];

/** What environments on this machine can be given. */
export function listLocalModels(upstreams: Upstream[]): ModelInfo[] {
  return [
    ...BUILT_IN_MODELS,
    ...upstreams.flatMap(upstream =>
      upstream.models.map(model => ({
        id: model.id,
        name: model.name ?? model.id,
        kind: model.kind,
        provider: upstream.id,
      })),
    ),
  ];
}

import type { z } from 'zod';
import type { environmentSchema } from './environment';
import { offeredModels } from './offeredModels';

/** What is wrong with the aliases, given the models; a sentence for each. */
export function findAliasProblems(
  data: z.output<typeof environmentSchema>,
): string[] {
  const models = new Set(data.GENAI_MODELS);
  const kinds = new Map(
    offeredModels({
      upstreams: data.GENAI_UPSTREAMS,
      bedrock: data.GENAI_BEDROCK,
    }).map(({ id, kind }) => [id, kind]),
  );
  return Object.entries(data.GENAI_MODEL_ALIASES).flatMap(([alias, ids]) => {
    const wrong = (what: string) => [
      `GENAI_MODEL_ALIASES at ${alias} is wrong: ${what}.`,
    ];
    if (models.has(alias)) return wrong('it is the id of a model');
    const unknown = ids.filter(id => !models.has(id));
    if (unknown.length > 0) {
      return wrong(`GENAI_MODELS does not name ${unknown.join(', ')}`);
    }
    const found = new Set(ids.flatMap(id => kinds.get(id) ?? []));
    return found.size > 1
      ? wrong('it mixes text models with embedding models')
      : [];
  });
}

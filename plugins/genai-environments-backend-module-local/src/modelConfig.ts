import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { z } from 'zod';

const ROOT = 'genaiEnvironments.local';
const idSchema = z.string().min(1).max(200);

const aliasesSchema = z.record(idSchema, z.array(idSchema).min(1).max(10));
/** Names that callers may use, and the models that answer, the first of them first. */
export type ModelAliases = z.infer<typeof aliasesSchema>;

const rate = z.number().min(0).max(1_000_000);
const pricesSchema = z.record(
  idSchema,
  z.strictObject({
    input: rate,
    output: rate.optional(),
    cacheRead: rate.optional(),
    cacheWrite: rate.optional(),
  }),
);
/** US dollars per million tokens, by model. */
export type ModelPrices = z.infer<typeof pricesSchema>;

type KnownModel = { id: string; kind: string };

/** @throws InputError for an alias that a runtime would refuse to start with */
export function readModelAliases(
  config: Config | undefined,
  models: KnownModel[],
): ModelAliases {
  const aliases = read(config, 'modelAliases', aliasesSchema);
  const kinds = new Map(models.map(({ id, kind }) => [id, kind]));
  for (const [alias, ids] of Object.entries(aliases)) {
    const fail = (what: string) =>
      new InputError(
        `Configuration ${ROOT}.modelAliases: "${alias}" ${what}. Choose among: ${[
          ...kinds.keys(),
        ].join(', ')}.`,
      );
    if (kinds.has(alias)) throw fail('is the id of a model');
    const unknown = ids.find(id => !kinds.has(id));
    if (unknown !== undefined) {
      throw fail(`names "${unknown}", which no upstream has`);
    }
    if (new Set(ids.map(id => kinds.get(id))).size > 1) {
      throw fail('mixes text models with embedding models');
    }
  }
  return aliases;
}

/** @throws InputError for what is no price */
export function readModelPrices(config: Config | undefined): ModelPrices {
  return read(config, 'prices', pricesSchema);
}

/** Aliases of which an environment has models, with those that it has. */
export function aliasesFor(
  chosen: string[],
  aliases: ModelAliases,
): ModelAliases | undefined {
  return nonEmpty(
    Object.entries(aliases)
      .map(([alias, ids]) => [alias, ids.filter(id => chosen.includes(id))])
      .filter(([, ids]) => ids.length > 0),
  );
}

export function pricesFor(
  chosen: string[],
  prices: ModelPrices,
): ModelPrices | undefined {
  return nonEmpty(Object.entries(prices).filter(([id]) => chosen.includes(id)));
}

/** An environment without any is started as it was before there were any. */
function nonEmpty(entries: unknown[][]) {
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function read<T extends object>(
  config: Config | undefined,
  key: string,
  schema: z.ZodType<T>,
): T {
  // As a whole: ids of models are no keys that configuration could be asked for.
  const parsed = schema.safeParse(config?.getOptional(key) ?? {});
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw new InputError(
    `Configuration ${[ROOT, key, ...path].join('.')} is wrong: ${message}.`,
  );
}

import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import { resolveLocalDataDirectory } from '@genai-environments/backstage-plugin-genai-environments-node';
import { resolve } from 'node:path';
import {
  ModelAliases,
  ModelPrices,
  readModelAliases,
  readModelPrices,
} from './modelConfig';
import { BUILT_IN_MODELS, listLocalModels } from './models';

/** An OpenAI-compatible server that answers for some of the models. */
export type Upstream = {
  id: string;
  baseUrl: string;
  apiKey?: string;
  models: Array<{ id: string; kind: 'text' | 'embedding'; name?: string }>;
};

/** `genaiEnvironments.local` with its defaults; paths are absolute. */
export type LocalConfig = {
  dataDirectory: string;
  /** Absent: a key is kept in the data directory. */
  secretKey?: string;
  upstreams: Upstream[];
  modelAliases: ModelAliases;
  prices: ModelPrices;
  secretRotationGraceMs: number;
  /** Absent: the bundled skeleton. */
  appDirectory?: string;
};

const ROOT = 'genaiEnvironments.local';
const MIN_SECRET_KEY_LENGTH = 32;

/** @throws InputError that names the key, never a secret value. */
export function readLocalConfig(root: Config): LocalConfig {
  const config = root.getOptionalConfig(ROOT);
  const secretKey = config?.getOptionalString('secretKey');
  if (secretKey !== undefined && secretKey.length < MIN_SECRET_KEY_LENGTH) {
    throw new InputError(
      `Configuration ${ROOT}.secretKey must have at least ${MIN_SECRET_KEY_LENGTH} characters, for example the output of "openssl rand -base64 32".`,
    );
  }
  const appDirectory = config?.getOptionalString('appDirectory');
  const upstreams = (config?.getOptionalConfigArray('upstreams') ?? []).map(
    readUpstream,
  );
  assertUnique(
    'upstreams',
    upstreams.map(({ id }) => id),
  );
  assertUnique('models', [
    ...BUILT_IN_MODELS.map(({ id }) => id),
    ...upstreams.flatMap(({ models }) => models.map(({ id }) => id)),
  ]);
  return {
    dataDirectory: resolveLocalDataDirectory(root),
    secretKey,
    upstreams,
    modelAliases: readModelAliases(config, listLocalModels(upstreams)),
    prices: readModelPrices(config),
    secretRotationGraceMs: config?.has('secretRotationGracePeriod')
      ? durationToMilliseconds(
          readDurationFromConfig(config, { key: 'secretRotationGracePeriod' }),
        )
      : 24 * 3_600_000,
    appDirectory:
      appDirectory === undefined ? undefined : resolve(appDirectory),
  };
}

function readUpstream(config: Config): Upstream {
  const id = config.getString('id');
  const baseUrl = config.getString('baseUrl');
  const protocol = URL.parse(baseUrl)?.protocol;
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new InputError(
      `Configuration ${ROOT}.upstreams: baseUrl of "${id}" must be an http or https address such as http://127.0.0.1:11434/v1.`,
    );
  }
  return {
    id,
    baseUrl,
    apiKey: config.getOptionalString('apiKey'),
    models: config.getConfigArray('models').map(model => {
      const kind = model.getString('kind');
      if (kind !== 'text' && kind !== 'embedding') {
        throw new InputError(
          `Configuration ${ROOT}.upstreams: kind of model "${model.getString(
            'id',
          )}" is "${kind}"; it must be "text" or "embedding".`,
        );
      }
      return {
        id: model.getString('id'),
        kind,
        name: model.getOptionalString('name'),
      };
    }),
  };
}

function assertUnique(what: string, ids: string[]) {
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) {
    throw new InputError(
      `Configuration ${ROOT}.upstreams: the id "${twice}" is used twice among the ${what}; each must be unique.`,
    );
  }
}

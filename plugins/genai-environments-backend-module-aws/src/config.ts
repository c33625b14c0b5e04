import type { Config } from '@backstage/config';
import { readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import {
  type Tier,
  tierSchema,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { VectorStoreKind } from './blueprints/types';

/** One account and region that environments can be put into. */
export type Target = {
  /** What forms show as the region; unique. Default: the AWS region. */
  id: string;
  accountId: string;
  region: string;
  tiers: Tier[];
  vectorStore: VectorStoreKind;
  /** Default: the tag of the blueprints' version in the account's own repository. */
  runtimeImage?: string;
  /** Environments run the services that their projects push, where they have. */
  ownServices: boolean;
  /** Values for parameters of the templates, by key. */
  settings: Record<string, string>;
};

/** `genaiEnvironments.aws` with its defaults. */
export type AwsConfig = {
  targets: Target[];
  secretRotationGraceMs: number;
};

const ROOT = 'genaiEnvironments.aws';

/**
 * `undefined`: nothing is configured, so there is no such provisioner.
 *
 * @throws InputError that names the key
 */
export function readAwsConfig(root: Config): AwsConfig | undefined {
  const config = root.getOptionalConfig(ROOT);
  const entries = config?.getOptionalConfigArray('targets') ?? [];
  if (!config || entries.length === 0) return undefined;
  const targets = entries.map(readTarget);
  const ids = targets.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice) {
    throw new InputError(
      `Configuration ${ROOT}.targets: "${twice}" is there twice. Give one of them another id.`,
    );
  }
  return {
    targets,
    secretRotationGraceMs: config.has('secretRotationGracePeriod')
      ? durationToMilliseconds(
          readDurationFromConfig(config, { key: 'secretRotationGracePeriod' }),
        )
      : 24 * 3_600_000,
  };
}

function readTarget(config: Config, index: number): Target {
  const where = `${ROOT}.targets[${index}]`;
  const region = matching(config, 'region', {
    where,
    pattern: /^[a-z]{2}(-[a-z]+)+-\d$/,
    example: 'eu-central-1',
  });
  const vectorStore = config.getOptionalString('vectorStore') ?? 's3-vectors';
  if (vectorStore !== 's3-vectors' && vectorStore !== 'opensearch-serverless') {
    throw new InputError(
      `Configuration ${where}.vectorStore is "${vectorStore}"; it must be "s3-vectors" or "opensearch-serverless".`,
    );
  }
  return {
    id: config.getOptionalString('id') ?? region,
    accountId: matching(config, 'accountId', {
      where,
      pattern: /^\d{12}$/,
      example: "'012345678901', in quotes",
    }),
    region,
    tiers: readTiers(config, where),
    vectorStore,
    runtimeImage: config.getOptionalString('runtimeImage'),
    ownServices: config.getOptionalBoolean('ownServices') ?? false,
    settings: readSettings(config),
  };
}

function readTiers(config: Config, where: string): Tier[] {
  const given = config.getOptionalStringArray('tiers');
  if (!given) return [...tierSchema.options];
  const tiers = tierSchema.array().min(1).safeParse(given);
  if (tiers.success) return tiers.data;
  throw new InputError(
    `Configuration ${where}.tiers must list some of ${tierSchema.options.join(
      ', ',
    )}; received ${given.join(', ')}.`,
  );
}

function readSettings(config: Config): Record<string, string> {
  const settings = config.getOptionalConfig('settings');
  if (!settings) return {};
  return Object.fromEntries(
    settings.keys().map(key => [key, String(settings.get(key))]),
  );
}

function matching(
  config: Config,
  key: string,
  rule: { where: string; pattern: RegExp; example: string },
): string {
  const value = String(config.get(key));
  if (rule.pattern.test(value)) return value;
  throw new InputError(
    `Configuration ${rule.where}.${key} is "${value}"; it must be like ${rule.example}.`,
  );
}

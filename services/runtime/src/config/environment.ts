import { isAbsolute } from 'node:path';
import {
  bedrockConfigSchema,
  modelAliasesSchema,
  modelPricesSchema,
  upstreamConfigSchema,
} from '@genai-environments/model-invocation';
import * as z from 'zod';
import { json, jsonOrFile } from './json';

const absoluteDirectory = z
  .string()
  .min(1)
  .refine(isAbsolute, 'must be an absolute path');

/**
 * An address without a slash at its end. Only on AWS it may have a path: the stage of an API,
 * which a load balancer takes off again before the runtime sees it.
 */
const addressSchema = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .refine(value => {
    const url = URL.parse(value);
    return !url?.search && !url?.hash && !url?.username;
  }, 'must not have a query, a fragment or credentials')
  .transform(value => new URL(value).href.replace(/\/+$/, ''));

/**
 * The runtime's variables. No message may contain a value: several are secret.
 *
 * @see docs/runtime-protocol.md
 */
export const environmentSchema = z.object({
  GENAI_ENVIRONMENT_NAME: z.string().min(1).max(63),
  GENAI_ENVIRONMENT_UID: z
    .string()
    .max(100)
    .regex(/^[A-Za-z0-9-]+$/, 'must consist of letters, digits and hyphens'),
  GENAI_PLATFORM: z
    .enum(['local', 'aws'], 'must be "local" or "aws"')
    .default('local'),
  GENAI_DATA_DIRECTORY: absoluteDirectory.optional(),
  GENAI_HOST: z.string().min(1).max(253).default('127.0.0.1'),
  GENAI_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port between 1 and 65535')
    .transform(Number)
    .refine(
      port => port >= 1 && port <= 65535,
      'must be a port between 1 and 65535',
    ),
  GENAI_PUBLIC_URL: addressSchema.optional(),
  GENAI_MODELS: json(
    z
      .array(z.string().min(1).max(200), 'must be a JSON array of model ids')
      .min(1, 'must name at least one model')
      .max(50, 'must name at most 50 models'),
  ),
  GENAI_UPSTREAMS: json(z.array(upstreamConfigSchema).max(50)).default([]),
  GENAI_BEDROCK: json(bedrockConfigSchema).optional(),
  GENAI_MODEL_ALIASES: json(modelAliasesSchema).default({}),
  GENAI_PRICES: jsonOrFile(modelPricesSchema).default({}),
  GENAI_APP_DIRECTORY: absoluteDirectory.optional(),
  GENAI_CONTROL_KEY: z.string().min(32, 'must have at least 32 characters'),
  GENAI_CONFIG_HASH: z.string().max(200).default(''),
  GENAI_LOG_LEVEL: z
    .enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'must be one of fatal, error, warn, info, debug, trace, silent',
    )
    .default('info'),
});

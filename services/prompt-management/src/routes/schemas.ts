import { pageQuery } from '@genai-environments/service-kit';
import * as z from 'zod';
import { variablesSchema } from './variables';

const name = z
  .string()
  .min(1, 'must not be empty')
  .max(200)
  .regex(/^\P{Cc}+$/u, 'must not hold control characters')
  .describe('Name of the template; every application has its own.');

const template = z.string().min(1, 'must not be empty').max(200_000);

const syntax = z.enum(['classic', 'liquid']);

const label = z
  .string()
  .min(1, 'must not be empty')
  .max(64)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    'must consist of letters, digits, dots, hyphens and underscores',
  );

const version = z.int().positive().max(999_999_999);

export const saveRequestSchema = z
  .object({
    name,
    prompt_template: template,
    syntax: syntax
      .optional()
      .describe(
        'How variables are written: `classic` {name}, `liquid` {{ name }}. Detected when absent.',
      ),
  })
  .meta({ id: 'SavePromptRequest' });

export const nameRequestSchema = z
  .object({ name })
  .meta({ id: 'PromptNameRequest' });

export const nameQuerySchema = z.object({ name });

export const getRequestSchema = z
  .object({
    name,
    label: label
      .optional()
      .describe('The version it points at; the latest when absent.'),
  })
  .meta({ id: 'GetPromptRequest' });

// Classic notebooks send it as a number or as text.
const versionNumber = z.union([
  version,
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a version number')
    .transform(Number),
]);

export const versionRequestSchema = z
  .object({ name, vnum: versionNumber.optional(), label: label.optional() })
  .refine(
    request => (request.vnum === undefined) !== (request.label === undefined),
    { path: ['vnum'], message: 'must be given, or else "label", not both' },
  )
  .meta({ id: 'PromptVersionRequest' });

export const labelRequestSchema = z
  .object({ name, label, version })
  .meta({ id: 'PromptLabelRequest' });

export const labelQuerySchema = z.object({ name, label });

export const labelSchema = z
  .object({ name: z.string(), label: z.string(), version: z.int().positive() })
  .meta({ id: 'PromptLabel' });

export const labelListSchema = z
  .array(
    z.object({
      label: z.string(),
      version: z.int().positive(),
      moved_at: z.iso.datetime(),
    }),
  )
  .meta({ id: 'PromptLabelList' });

export const renderRequestSchema = z
  .object({
    name,
    version: versionNumber.optional(),
    label: label.optional(),
    variables: variablesSchema,
  })
  .refine(
    request => request.version === undefined || request.label === undefined,
    { path: ['label'], message: 'must not be given together with "version"' },
  )
  .meta({ id: 'RenderPromptRequest' });

export const renderedSchema = z
  .object({
    name: z.string(),
    version: z.int().positive(),
    text: z.string(),
  })
  .meta({ id: 'RenderedPrompt' });

export const deletedTemplateSchema = z
  .object({ name: z.string(), deleted_versions: z.int().positive() })
  .meta({ id: 'DeletedPromptTemplate' });

export const promptSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    prompt_template: z.string(),
    version: z.int().positive(),
    syntax,
  })
  .meta({ id: 'PromptTemplate' });

export const describedPromptSchema = promptSchema
  .extend({
    variables: z
      .record(z.string(), z.unknown())
      .optional()
      .describe(
        'JSON Schema of the variables; absent when the template cannot be rendered in its syntax.',
      ),
  })
  .meta({ id: 'DescribedPromptTemplate' });

export const promptListSchema = z
  .record(
    z.string(),
    z.array(z.object({ version: z.int(), prompt_template: z.string() })),
  )
  .meta({ id: 'PromptTemplateList' });

export const pageQuerySchema = pageQuery();

import * as z from 'zod';

const name = z
  .string()
  .min(1, 'must not be empty')
  .max(200)
  .regex(/^\P{Cc}+$/u, 'must not hold control characters')
  .describe('Name of the template; every application has its own.');

const template = z.string().min(1, 'must not be empty').max(200_000);

export const saveRequestSchema = z
  .object({ name, prompt_template: template })
  .meta({ id: 'SavePromptRequest' });

export const nameRequestSchema = z
  .object({ name })
  .meta({ id: 'PromptNameRequest' });

export const versionRequestSchema = z
  .object({
    name,
    // Classic notebooks send it as a number or as text.
    vnum: z.union([
      z.int().positive(),
      z
        .string()
        .regex(/^\d{1,9}$/, 'must be a version number')
        .transform(Number),
    ]),
  })
  .meta({ id: 'PromptVersionRequest' });

export const promptSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    prompt_template: z.string(),
    version: z.int().positive(),
  })
  .meta({ id: 'PromptTemplate' });

export const promptListSchema = z
  .record(
    z.string(),
    z.array(z.object({ version: z.int(), prompt_template: z.string() })),
  )
  .meta({ id: 'PromptTemplateList' });

export const pageQuerySchema = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe('Most items to answer; all when absent.'),
  cursor: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .describe('The header `x-next-cursor` of the page before.'),
});

import { InvalidInputError } from '@genai-environments/service-kit';
import * as z from 'zod';
import type { PromptSource } from '../ports/PromptSource';

const MAX_VARIABLES = 200;

/** Names a prompt instead of writing it out. */
export const promptTemplateSchema = z
  .strictObject({
    name: z.string().min(1, 'must name a prompt').max(200),
    version: z.int().min(1).nullish(),
    label: z.string().min(1).max(100).nullish(),
    variables: z
      .record(z.string().max(200), z.unknown())
      .refine(
        variables => Object.keys(variables).length <= MAX_VARIABLES,
        `must not be more than ${MAX_VARIABLES}`,
      )
      .nullish(),
  })
  .refine(
    ({ version, label }) => !(version && label),
    'must have a version or a label, not both',
  )
  .describe(
    "One of the application's prompts with its variables. Stands as a message of the user before the others.",
  )
  .meta({ id: 'PromptTemplateReference' });

export type PromptTemplateReference = z.output<typeof promptTemplateSchema>;

/**
 * The text of a prompt that a request names.
 *
 * @throws InvalidInputError (`no_prompt_management`) when nobody keeps prompts here
 * @throws DomainError as `PromptSource.render` does
 */
export async function renderPrompt(
  reference: PromptTemplateReference,
  options: { clientId: string; prompts: PromptSource | undefined },
): Promise<string> {
  const { clientId, prompts } = options;
  if (!prompts) {
    throw new InvalidInputError(
      'This environment keeps no prompts. Send the text itself instead of "prompt_template".',
      { code: 'no_prompt_management' },
    );
  }
  const { name, version, label, variables } = reference;
  const { text } = await prompts.render(clientId, {
    name,
    version: version ?? undefined,
    label: label ?? undefined,
    variables: variables ?? {},
  });
  return text;
}

import * as z from 'zod';
import type { McpPrompts } from '../ports';
import { defineTool, type Tool } from './Tool';

const scalar = z.union([z.string().max(1_000_000), z.number(), z.boolean()]);

const scopes = ['genai/prompt.read'];

/** `list_prompts`: the templates of the application, page by page. */
export function createListPromptsTool(prompts: McpPrompts): Tool {
  return defineTool({
    name: 'list_prompts',
    title: 'List prompt templates',
    description:
      'Lists prompt templates with their latest version and the variables they take.',
    scopes,
    idempotent: true,
    input: z.object({
      limit: z.int().min(1).max(200).default(50),
      cursor: z
        .string()
        .min(1)
        .max(1000)
        .optional()
        .describe('What the page before answered as next_cursor.'),
    }),
    output: z.object({
      prompts: z.array(
        z.object({
          name: z.string(),
          version: z.number().int(),
          variables: z.record(z.string(), z.unknown()).optional(),
        }),
      ),
      next_cursor: z.string().optional(),
    }),
    async run(page, { clientId }) {
      const { items, nextCursor } = await prompts.list(clientId, page);
      const lines = items.map(({ name, version, variables }) => {
        const names = Object.keys(variables?.properties ?? {});
        const takes = names.length ? `: ${names.join(', ')}` : '';
        return `${name} (version ${version})${takes}`;
      });
      return {
        text: lines.join('\n') || 'There are no prompt templates.',
        data: {
          prompts: items.map(({ name, version, variables }) => ({
            name,
            version,
            ...(variables ? { variables } : {}),
          })),
          ...(nextCursor === undefined ? {} : { next_cursor: nextCursor }),
        },
      };
    },
  });
}

/** `render_prompt`: a template with its variables filled in. */
export function createRenderPromptTool(prompts: McpPrompts): Tool {
  return defineTool({
    name: 'render_prompt',
    title: 'Render a prompt template',
    description:
      'Fills in the variables of a prompt template: its latest version, a stated one, or the one a label points at.',
    scopes,
    idempotent: true,
    input: z
      .object({
        name: z.string().min(1).max(200),
        version: z.int().positive().optional(),
        label: z.string().min(1).max(64).optional(),
        variables: z
          .record(
            z.string().min(1).max(200),
            z.union([scalar, z.array(scalar).max(1000)]),
          )
          .default({}),
      })
      .refine(
        ({ version, label }) => version === undefined || label === undefined,
        { path: ['label'], error: 'must not be given together with "version"' },
      ),
    output: z.object({
      name: z.string(),
      version: z.number().int(),
      text: z.string(),
    }),
    async run(request, { clientId }) {
      const { text, version } = await prompts.render(clientId, request);
      return { text, data: { name: request.name, version, text } };
    },
  });
}

import { SchemaViolationError } from '@genai-environments/service-kit';

/** Longest text that a template may become, in UTF-16 code units. */
export const MAX_RENDERED_LENGTH = 2_000_000;

/** The template cannot be read in its syntax. */
export class TemplateSyntaxError extends SchemaViolationError {
  constructor(problem: string) {
    super(`The prompt template cannot be rendered: ${problem}`, {
      code: 'prompt_template_invalid',
      issues: [{ path: 'prompt_template', message: problem }],
    });
  }
}

/** Variables that the template needs were not given. */
export class MissingVariablesError extends SchemaViolationError {
  constructor(names: readonly string[]) {
    const [first, ...others] = names;
    const list = others.length
      ? `variables ${names.map(name => `"${name}"`).join(', ')}`
      : `variable "${first}"`;
    super(`The prompt template needs the ${list}. Send a value for each.`, {
      code: 'prompt_variables_missing',
      issues: names.map(name => ({
        path: `variables.${name}`,
        message: 'is missing',
      })),
    });
  }
}

/** Rendering was stopped before it could harm the service. */
export class RenderLimitError extends SchemaViolationError {
  constructor(problem: string) {
    super(`Rendering was stopped: ${problem}`, {
      code: 'prompt_render_limit',
      issues: [{ path: 'variables', message: problem }],
    });
  }
}

/** Throws when a text of this length may not be answered. */
export function assertRenderedLength(length: number): void {
  if (length <= MAX_RENDERED_LENGTH) return;
  throw new RenderLimitError(
    `the text would be longer than ${MAX_RENDERED_LENGTH} characters. Send shorter values or split the prompt.`,
  );
}

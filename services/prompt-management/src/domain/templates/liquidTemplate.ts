import type { Liquid, Template } from 'liquidjs';
import type {
  CompiledTemplate,
  PromptVariables,
  VariableSchema,
  VariablesSchema,
} from './CompiledTemplate';
import {
  MAX_RENDERED_LENGTH,
  MissingVariablesError,
  RenderLimitError,
  TemplateSyntaxError,
} from './errors';
import { createLiquidEngine } from './liquidEngine';

/** The work to understand a template grows with the square of this. */
const MAX_TAGS = 1000;

let engine: Liquid | undefined;

/**
 * Reads a Liquid template. The language is loaded when the first one comes.
 *
 * @throws TemplateSyntaxError
 */
export function compileLiquid(template: string): CompiledTemplate {
  assertTagCount(template);
  engine ??= createLiquidEngine();
  const liquid = engine;
  const parsed = parse(liquid, template);
  let variables: VariablesSchema | undefined;
  return {
    get variables() {
      variables ??= describeVariables(liquid, parsed);
      return variables;
    },
    render: values => render(liquid, parsed, values),
  };
}

function assertTagCount(template: string): void {
  const count = template.match(/\{[{%]/g)?.length ?? 0;
  if (count <= MAX_TAGS) return;
  throw new TemplateSyntaxError(
    `it has ${count} tags and outputs, and Liquid templates may have ${MAX_TAGS}. Use a loop, or split the prompt.`,
  );
}

function parse(liquid: Liquid, template: string): Template[] {
  try {
    return liquid.parse(template);
  } catch (error) {
    const [first] = leavesOf(error);
    throw new TemplateSyntaxError(`${first.message.split('\n')[0]}.`);
  }
}

function render(
  liquid: Liquid,
  parsed: Template[],
  variables: PromptVariables,
): string {
  try {
    return liquid.renderSync(parsed, variables);
  } catch (error) {
    const leaves = leavesOf(error);
    const missing = missingOf(leaves);
    if (missing.length > 0) throw new MissingVariablesError(missing);
    throw toProblem(leaves[0].message.split('\n')[0]);
  }
}

function toProblem(message: string): Error {
  if (message.startsWith('memory alloc limit exceeded')) {
    return new RenderLimitError(
      `the text, or what it is made of, would be longer than ${MAX_RENDERED_LENGTH} characters. Send shorter values or split the prompt.`,
    );
  }
  if (message.startsWith('template render limit exceeded')) {
    return new RenderLimitError(
      'it took too long. Make the loops of the template shorter.',
    );
  }
  return new TemplateSyntaxError(`${message}.`);
}

/** Errors that an error of Liquid collects, itself when it collects none. */
function leavesOf(error: unknown): Error[] {
  const { errors } = error as { errors?: unknown[] };
  return errors ? errors.flatMap(leavesOf) : [error as Error];
}

function missingOf(errors: Error[]): string[] {
  const names = errors
    .filter(({ name }) => name === 'UndefinedVariableError')
    .map(
      error =>
        (error as { originalError?: { variableName?: string } }).originalError
          ?.variableName,
    )
    .filter(name => name !== undefined);
  return [...new Set(names)];
}

function describeVariables(
  liquid: Liquid,
  parsed: Template[],
): VariablesSchema {
  const root: VariableSchema & { properties: Record<string, VariableSchema> } =
    { properties: Object.create(null) };
  for (const segments of liquid.globalVariableSegmentsSync(parsed)) {
    let schema: VariableSchema = root;
    for (const segment of segments) {
      // What comes after an index, or after a name that is a variable itself, is not known.
      if (typeof segment !== 'string') break;
      if (schema !== root) schema.type = 'object';
      schema.properties ??= Object.create(null) as Record<string, never>;
      schema = schema.properties[segment] ??= {};
    }
  }
  return {
    type: 'object',
    properties: root.properties,
    required: requiredOf(liquid, parsed),
  };
}

function requiredOf(liquid: Liquid, parsed: Template[]): string[] {
  try {
    liquid.renderSync(parsed, {});
    return [];
  } catch (error) {
    const roots = missingOf(leavesOf(error)).map(
      name => name.split(/[.[]/, 1)[0],
    );
    return [...new Set(roots)];
  }
}

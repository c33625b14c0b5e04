import type {
  CompiledTemplate,
  PromptVariables,
  VariablesSchema,
} from './CompiledTemplate';
import {
  assertRenderedLength,
  MissingVariablesError,
  TemplateSyntaxError,
} from './errors';

/** Doubled braces first, so that `{{{name}}}` is a value in braces. */
const TOKEN = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;
const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/** Text, or the name of a variable. */
type Segment = { text: string } | { variable: string };

/**
 * Reads a template whose variables are written `{name}`; `{{` and `}}` stand for braces.
 *
 * @throws TemplateSyntaxError when a brace stands alone or holds no name
 */
export function compileClassic(template: string): CompiledTemplate {
  const segments = parse(template);
  const names = new Set<string>();
  for (const segment of segments) {
    if ('variable' in segment) names.add(segment.variable);
  }
  return {
    variables: toSchema(names),
    render: variables => render(segments, { names, variables }),
  };
}

/** Whether the text has a `{placeholder}`, readable or not beside it. */
export function hasClassicPlaceholder(template: string): boolean {
  for (const [, name] of template.matchAll(TOKEN)) {
    if (name !== undefined && NAME.test(name)) return true;
  }
  return false;
}

function parse(template: string): Segment[] {
  const segments: Segment[] = [];
  let end = 0;
  const addText = (text: string) => text && segments.push({ text });

  for (const match of template.matchAll(TOKEN)) {
    const [token, name] = match;
    addText(template.slice(end, match.index));
    end = match.index + token.length;
    if (token === '{{' || token === '}}') addText(token[0]);
    else if (name !== undefined && NAME.test(name)) {
      segments.push({ variable: name });
    } else throw unreadable(template, { token, at: match.index });
  }
  addText(template.slice(end));
  return segments;
}

function unreadable(
  template: string,
  { token, at }: { token: string; at: number },
): TemplateSyntaxError {
  const lines = template.slice(0, at).split('\n');
  const where = `line ${lines.length}, column ${lines.at(-1)!.length + 1}`;
  if (token.length === 1) {
    return new TemplateSyntaxError(
      `the brace "${token}" at ${where} stands alone. Write "${token}${token}" for a brace, or {name} for a variable.`,
    );
  }
  return new TemplateSyntaxError(
    `the braces at ${where} hold no variable name. Write {name}, with letters, digits and underscores, or double the braces.`,
  );
}

function render(
  segments: readonly Segment[],
  options: { names: ReadonlySet<string>; variables: PromptVariables },
): string {
  const { names, variables } = options;
  const missing = [...names].filter(name => !Object.hasOwn(variables, name));
  if (missing.length > 0) throw new MissingVariablesError(missing);

  // Each value becomes text once, however often it is used.
  const values = new Map(
    [...names].map(name => [name, toText(variables[name])]),
  );
  const parts = segments.map(segment =>
    'text' in segment ? segment.text : values.get(segment.variable)!,
  );
  assertRenderedLength(parts.reduce((sum, part) => sum + part.length, 0));
  return parts.join('');
}

function toText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function toSchema(names: ReadonlySet<string>): VariablesSchema {
  return {
    type: 'object',
    properties: Object.fromEntries([...names].map(name => [name, {}])),
    required: [...names],
  };
}

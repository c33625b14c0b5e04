/** `classic`: `{name}`, with `{{` and `}}` for braces. `liquid`: the Liquid language. */
export type PromptSyntax = 'classic' | 'liquid';

/** Values by name, as JSON has them. */
export type PromptVariables = Readonly<Record<string, unknown>>;

/**
 * JSON Schema of the variables that a template takes. `required` holds those that a render
 * without any variables would miss.
 */
export type VariablesSchema = {
  type: 'object';
  properties: Record<string, VariableSchema>;
  required: string[];
};

export type VariableSchema = {
  type?: 'object';
  properties?: Record<string, VariableSchema>;
};

/** A template that was understood. Rendering changes nothing in it. */
export interface CompiledTemplate {
  readonly variables: VariablesSchema;
  /**
   * Values are inserted as they are: what looks like a placeholder in one stays text.
   *
   * @throws MissingVariablesError naming every variable that was missed
   * @throws RenderLimitError when the text gets too long or takes too much work
   */
  render(variables: PromptVariables): string;
}

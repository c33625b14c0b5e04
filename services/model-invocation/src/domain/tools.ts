/** A function that the caller offers to a model. */
export type ToolDefinition = {
  name: string;
  description?: string;
  /** JSON Schema of an object. */
  inputSchema: Record<string, unknown>;
};

/** `required`: at least one call, of whichever tool; `tool`: a call of that one. */
export type ToolChoice =
  | { type: 'auto' }
  | { type: 'none' }
  | { type: 'required' }
  | { type: 'tool'; toolName: string };

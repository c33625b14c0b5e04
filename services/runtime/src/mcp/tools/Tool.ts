import { toSchemaViolation } from '@genai-environments/service-kit';
import * as z from 'zod';

/** What a tool answers: text for the model, and the same as data. */
export type ToolAnswer = { text: string; data: Record<string, unknown> };

/** What a call of a tool runs with. */
export type ToolContext = {
  clientId: string;
  /** Aborts when the caller hangs up or cancels. */
  signal: AbortSignal;
};

/** A tool of the MCP endpoint. */
export type Tool = {
  name: string;
  title: string;
  description: string;
  /** Scopes that it needs, all of them; the classic one opens it alone. */
  scopes: readonly string[];
  /** Whether two calls with the same arguments are the same as one. */
  idempotent: boolean;
  inputSchema: object;
  outputSchema: object;
  /**
   * @throws SchemaViolationError when the arguments do not fit
   * @throws DomainError as the service behind does
   */
  call(input: unknown, context: ToolContext): Promise<ToolAnswer>;
};

/** Makes a tool whose arguments are checked by a zod schema. */
export function defineTool<Input extends z.ZodObject>(
  options: Omit<Tool, 'inputSchema' | 'outputSchema' | 'call'> & {
    input: Input;
    output: z.ZodObject;
    run(input: z.output<Input>, context: ToolContext): Promise<ToolAnswer>;
  },
): Tool {
  const { input: schema, output, run, ...description } = options;
  return {
    ...description,
    inputSchema: z.toJSONSchema(schema, { io: 'input' }),
    outputSchema: z.toJSONSchema(output, { io: 'output' }),
    async call(input, context) {
      const parsed = schema.safeParse(input ?? {});
      if (!parsed.success) throw toSchemaViolation(parsed.error, 'arguments');
      return run(parsed.data, context);
    },
  };
}

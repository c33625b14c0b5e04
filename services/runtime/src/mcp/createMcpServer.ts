import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Logger } from '@genai-environments/service-kit';
import type { McpPrompts } from './ports';
import { addPromptHandlers } from './promptHandlers';
import type { Sdk } from './sdk';
import { explainError } from './toolErrors';
import type { Tool } from './tools';

export type McpServerOptions = {
  sdk: Sdk;
  /** Who calls. */
  clientId: string;
  /** Those that the caller may use. */
  tools: Tool[];
  /** Absent when the caller may not read prompts. */
  prompts?: McpPrompts;
  info: { name: string; version: string };
  logger: Logger;
  newId: () => string;
};

/** One server per request, because what there is depends on who asks. */
export function createMcpServer(options: McpServerOptions): Server {
  const { sdk, tools, prompts, info } = options;
  const server = new sdk.Server(info, {
    capabilities: {
      ...(tools.length > 0 ? { tools: {} } : {}),
      ...(prompts ? { prompts: {} } : {}),
    },
    instructions:
      'Tools of a GenAI environment: search and answers over its documents, and its prompt templates.',
    // Only answers to questions of the server would be validated, and it asks none.
    jsonSchemaValidator: {
      getValidator: () => {
        throw new Error('This server asks its clients nothing.');
      },
    },
  });
  if (tools.length > 0) addToolHandlers(server, options);
  if (prompts) addPromptHandlers(server, { ...options, prompts });
  return server;
}

function addToolHandlers(server: Server, options: McpServerOptions): void {
  const { sdk, clientId, tools } = options;
  const { CallToolRequestSchema, ListToolsRequestSchema } = sdk.types;

  server.setRequestHandler(ListToolsRequestSchema, async () => ({
    tools: tools.map(tool => ({
      name: tool.name,
      title: tool.title,
      description: tool.description,
      inputSchema: tool.inputSchema as { type: 'object' },
      outputSchema: tool.outputSchema as { type: 'object' },
      annotations: {
        readOnlyHint: true,
        idempotentHint: tool.idempotent,
        openWorldHint: false,
      },
    })),
  }));

  server.setRequestHandler(CallToolRequestSchema, async (request, extra) => {
    const { name, arguments: input } = request.params;
    const tool = tools.find(each => each.name === name);
    if (!tool) {
      throw new sdk.types.McpError(
        sdk.types.ErrorCode.InvalidParams,
        `There is no tool "${name.slice(
          0,
          100,
        )}", or the access token lacks a scope it needs. tools/list names those there are.`,
      );
    }
    try {
      const { signal } = extra;
      const { text, data } = await tool.call(input, { clientId, signal });
      return { content: [{ type: 'text', text }], structuredContent: data };
    } catch (error) {
      // Told as a result: the model that called can then mend its arguments.
      const text = explainError(error, { ...options, what: `Tool ${name}` });
      return { isError: true, content: [{ type: 'text', text }] };
    }
  });
}

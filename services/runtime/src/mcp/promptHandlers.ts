import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { DomainError, type Logger } from '@genai-environments/service-kit';
import type { McpPrompts } from './ports';
import type { Sdk } from './sdk';
import { explainError } from './toolErrors';

const PAGE_SIZE = 100;

type PromptHandlerOptions = {
  sdk: Sdk;
  clientId: string;
  prompts: McpPrompts;
  logger: Logger;
  newId: () => string;
};

/** Prompt templates as prompts of the protocol: `prompts/list` and `prompts/get`. */
export function addPromptHandlers(
  server: Server,
  options: PromptHandlerOptions,
): void {
  const { sdk, clientId, prompts } = options;
  const { GetPromptRequestSchema, ListPromptsRequestSchema } = sdk.types;

  server.setRequestHandler(ListPromptsRequestSchema, request =>
    explained(options, async () => {
      const { items, nextCursor } = await prompts.list(clientId, {
        limit: PAGE_SIZE,
        cursor: request.params?.cursor,
      });
      return {
        prompts: items
          // Templates in languages of their callers cannot be rendered here.
          .filter(({ variables }) => variables)
          .map(({ name, version, variables }) => ({
            name,
            description: `Prompt template "${name}", version ${version}`,
            arguments: Object.keys(variables!.properties).map(variable => ({
              name: variable,
              required: variables!.required.includes(variable),
            })),
          })),
        ...(nextCursor === undefined ? {} : { nextCursor }),
      };
    }),
  );

  server.setRequestHandler(GetPromptRequestSchema, request =>
    explained(options, async () => {
      const { name, arguments: variables = {} } = request.params;
      const rendered = await prompts.render(clientId, { name, variables });
      const { text, version } = rendered;
      return {
        description: `Prompt template "${name}", version ${version}`,
        messages: [{ role: 'user', content: { type: 'text', text } }],
      };
    }),
  );
}

async function explained<T>(
  options: PromptHandlerOptions,
  work: () => Promise<T>,
): Promise<T> {
  const { McpError, ErrorCode } = options.sdk.types;
  try {
    return await work();
  } catch (error) {
    throw new McpError(
      error instanceof DomainError
        ? ErrorCode.InvalidParams
        : ErrorCode.InternalError,
      explainError(error, { ...options, what: 'A prompt' }),
    );
  }
}

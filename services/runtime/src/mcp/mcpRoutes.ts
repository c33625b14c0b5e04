import {
  CLASSIC_SCOPE,
  type Caller,
  type Logger,
  type ServiceApp,
} from '@genai-environments/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { createMcpServer } from './createMcpServer';
import { createOriginCheck } from './originCheck';
import type { McpPorts } from './ports';
import { loadSdk } from './sdk';
import { createTools, type Tool } from './tools';

const PROMPT_SCOPE = 'genai/prompt.read';

export type McpRouteOptions = {
  ports: () => Promise<McpPorts>;
  info: { name: string; version: string };
  /** Origin that callers use; no trailing slash. */
  publicUrl: string;
  allowedOrigins?: readonly string[];
  logger: Logger;
  newId: () => string;
};

/** One message; batches are no part of the protocol any more. */
const messageSchema = z
  .object({ jsonrpc: z.literal('2.0') })
  .loose()
  .meta({ id: 'McpMessage', description: 'A JSON-RPC 2.0 message of MCP.' });

/** How the protocol itself refuses; what every route refuses is a problem. */
const rpcErrorSchema = z
  .object({
    jsonrpc: z.literal('2.0'),
    error: z.object({ code: z.int(), message: z.string() }),
    id: z.union([z.string(), z.number(), z.null()]).optional(),
  })
  .meta({ id: 'McpError', description: 'A JSON-RPC 2.0 error.' });

const config = {
  auth: {
    anyScope: [
      'genai/vector.read',
      'genai/model.invoke',
      PROMPT_SCOPE,
      CLASSIC_SCOPE,
    ],
  },
} as const;

/**
 * `POST /mcp`: the Model Context Protocol over streamable HTTP, without sessions: any replica
 * answers any request.
 */
export function addMcpRoutes(app: ServiceApp, options: McpRouteOptions): void {
  const checkOrigin = createOriginCheck(options);
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.routeOptions.config.auth === config.auth) checkOrigin(request);
    done();
  });

  const known = new WeakMap<McpPorts, Tool[]>();
  app.post(
    '/mcp',
    {
      config,
      schema: {
        summary: 'Answer a message of the Model Context Protocol',
        description:
          'Streamable HTTP without sessions. Tools and prompts whose scopes the token lacks are not listed.',
        body: messageSchema,
        response: {
          200: z.record(z.string(), z.unknown()),
          202: z.unknown(),
          400: rpcErrorSchema,
          406: rpcErrorSchema,
        },
      },
    },
    async (request, reply) => {
      const ports = await options.ports();
      const tools = known.get(ports) ?? createTools(ports);
      known.set(ports, tools);
      return exchange(request, reply, { ...options, ports, tools });
    },
  );
}

async function exchange(
  request: FastifyRequest,
  reply: FastifyReply,
  options: Omit<McpRouteOptions, 'ports'> & { ports: McpPorts; tools: Tool[] },
): Promise<FastifyReply> {
  const { ports, publicUrl } = options;
  const caller = request.caller!;
  const sdk = loadSdk();
  const server = createMcpServer({
    ...options,
    sdk,
    clientId: caller.clientId,
    tools: options.tools.filter(({ scopes }) => mayUse(caller, scopes)),
    prompts: mayUse(caller, [PROMPT_SCOPE]) ? ports.prompts : undefined,
  });
  const transport = new sdk.Transport({
    sessionIdGenerator: undefined,
    enableJsonResponse: true,
  });
  const hungUp = new Promise<undefined>(resolve => {
    reply.raw.once('close', () => resolve(undefined));
  });
  try {
    await server.connect(transport);
    const answer = await Promise.race([
      transport.handleRequest(toWebRequest(request, publicUrl), {
        parsedBody: request.body,
      }),
      hungUp,
    ]);
    if (!answer) return reply.hijack();
    reply.code(answer.status);
    const type = answer.headers.get('content-type');
    if (type) reply.type(type);
    return await reply.send(Buffer.from(await answer.arrayBuffer()));
  } finally {
    // Aborts tools that still run.
    await server.close();
  }
}

function mayUse(caller: Caller, scopes: readonly string[]): boolean {
  return (
    caller.hasScope(CLASSIC_SCOPE) ||
    scopes.every(scope => caller.hasScope(scope))
  );
}

/** Its body was parsed already, with the limits of every route. */
function toWebRequest(request: FastifyRequest, publicUrl: string): Request {
  const headers = new Headers();
  for (const name of ['accept', 'content-type', 'mcp-protocol-version']) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  return new Request(`${publicUrl}/mcp`, { method: 'POST', headers });
}

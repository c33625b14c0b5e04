import {
  type IdGenerator,
  type Logger,
  randomId,
  type ServiceDefinition,
} from '@genai-environments/service-kit';
import { addMcpRoutes } from './mcpRoutes';
import type { McpPorts } from './ports';
import { addResourceMetadata } from './resourceMetadata';

export type McpServiceOptions = {
  /**
   * What its tools and prompts reach just now; asked for each message. The same object as long
   * as nothing has changed.
   */
  ports: () => Promise<McpPorts>;
  /** How the server names itself. */
  info: { name: string; version: string };
  /** Origin that callers use; no trailing slash. */
  publicUrl: string;
  /** Issuer of access tokens; default `publicUrl`. */
  issuer?: string;
  /** Origins of web pages that may call, beside `publicUrl`; default none. */
  allowedOrigins?: readonly string[];
  logger: Logger;
  newId?: IdGenerator;
};

/** Search, answers and prompts of the environment for MCP clients, at `/mcp`. */
export function createMcpService(
  options: McpServiceOptions,
): ServiceDefinition {
  const { publicUrl, issuer = publicUrl, newId = randomId } = options;
  return {
    name: 'mcp',
    title: 'MCP',
    description:
      'Search, answers and prompts as tools of the Model Context Protocol.',
    prefix: '/mcp',
    routes(app) {
      addMcpRoutes(app, { ...options, newId });
      addResourceMetadata(app, { publicUrl, issuer });
    },
    health: () => ({ status: 'UP' }),
    close: () => {},
  };
}

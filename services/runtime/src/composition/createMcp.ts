import type {
  Logger,
  ServiceDefinition,
} from '@genai-environments/service-kit';
import { parseFilter } from '@genai-environments/vectorization';
import type { HostedService, RuntimeConfig } from '../config';
import { createMcpService, type McpAnswers, type McpPorts } from '../mcp';
import type { EnvironmentServices } from '../platform/EnvironmentServices';
import type { Platform } from '../platform/Platform';
import type { Parts } from './Parts';

const DEFAULT_TOP_K = 4;

/**
 * The MCP endpoint beside the services that are given, with the prompts of the environment,
 * whichever process answers for them; `undefined` when it could offer nothing.
 */
export function createMcp(
  parts: Parts,
  options: {
    services: readonly HostedService[];
    config: RuntimeConfig;
    platform: Platform;
    environment: EnvironmentServices;
    version: string;
    logger: Logger;
  },
): ServiceDefinition | undefined {
  const { services, config, platform, environment, version, logger } = options;
  const hasVectors = services.includes('vectorization');
  if (!hasVectors && !services.includes('prompt-management')) return undefined;
  const portsOf = (hasPrompts: boolean): McpPorts => ({
    search: hasVectors ? parts.vectorization().search : undefined,
    answers: hasVectors ? answersOf(parts) : undefined,
    prompts: hasPrompts ? parts.promptManagement().prompts : undefined,
  });
  const known = new Map<boolean, McpPorts>();
  return createMcpService({
    async ports() {
      const all = await environment.list();
      const hasPrompts =
        all.includes('prompt-management') &&
        platform.reaches('prompt-management');
      const ports = known.get(hasPrompts) ?? portsOf(hasPrompts);
      known.set(hasPrompts, ports);
      return ports;
    },
    info: { name: config.environment.name, version },
    publicUrl: config.publicUrl,
    issuer: platform.tokens.issuer,
    logger,
  });
}

function answersOf(parts: Parts): McpAnswers | undefined {
  const { answers } = parts.vectorization();
  return (
    answers &&
    ((clientId, { topK = DEFAULT_TOP_K, filter, ...request }, call) =>
      answers.answer(
        clientId,
        {
          ...request,
          topK,
          mode: 'vector',
          filter: filter && parseFilter(filter),
        },
        call,
      ))
  );
}

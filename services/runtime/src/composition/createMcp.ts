import type {
  Logger,
  ServiceDefinition,
} from '@genai-environments/service-kit';
import { parseFilter } from '@genai-environments/vectorization';
import type { RuntimeConfig } from '../config';
import { createMcpService, type McpAnswers } from '../mcp';
import type { Platform } from '../platform/Platform';
import type { Parts } from './Parts';

const DEFAULT_TOP_K = 4;

/** The MCP endpoint over the services of this process; `undefined` when it could offer nothing. */
export function createMcp(
  parts: Parts,
  options: {
    config: RuntimeConfig;
    platform: Platform;
    version: string;
    logger: Logger;
  },
): ServiceDefinition | undefined {
  const { config, platform, version, logger } = options;
  const hasVectors = config.services.includes('vectorization');
  const hasPrompts = config.services.includes('prompt-management');
  if (!hasVectors && !hasPrompts) return undefined;
  return createMcpService({
    ports: {
      search: hasVectors ? parts.vectorization().search : undefined,
      answers: hasVectors ? answersOf(parts) : undefined,
      prompts: hasPrompts ? parts.promptManagement().prompts : undefined,
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

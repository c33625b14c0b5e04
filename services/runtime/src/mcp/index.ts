export { createMcpService, type McpServiceOptions } from './createMcpService';
export type {
  FoundPassage,
  McpAnswers,
  McpPorts,
  McpPrompts,
  McpSearch,
} from './ports';

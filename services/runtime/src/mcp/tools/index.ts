import type { McpPorts } from '../ports';
import { createAnswerTool } from './answerTool';
import { createListPromptsTool, createRenderPromptTool } from './promptTools';
import { createSearchTool } from './searchTool';
import type { Tool } from './Tool';

/** The tools that the services of this process make possible. */
export function createTools(ports: McpPorts): Tool[] {
  const { search, answers, prompts } = ports;
  return [
    ...(search ? [createSearchTool(search)] : []),
    ...(answers ? [createAnswerTool(answers)] : []),
    ...(prompts
      ? [createListPromptsTool(prompts), createRenderPromptTool(prompts)]
      : []),
  ];
}

export type { Tool, ToolContext } from './Tool';

/**
 * Prompt management service: versioned prompt templates per application.
 *
 * @packageDocumentation
 */
export {
  createPromptManagement,
  type PromptManagement,
  type PromptManagementOptions,
} from './createPromptManagement';
export type { PromptReference } from './domain/PromptTemplate';
export type {
  PromptSyntax,
  PromptVariables,
  VariableSchema,
  VariablesSchema,
} from './domain/templates/CompiledTemplate';
export type { PromptDescription, Prompts } from './Prompts';
export type { PromptRecords } from './ports/PromptRecords';

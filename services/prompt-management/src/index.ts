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

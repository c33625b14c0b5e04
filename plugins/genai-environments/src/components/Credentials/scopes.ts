import type { ApplicationScope } from '@genai-environments/backstage-plugin-genai-environments-common';

/** What each scope opens, in words. */
export const SCOPE_DESCRIPTIONS: Record<ApplicationScope, string> = {
  'genaifoundations/read': 'Every route of the classic API',
  'genai/model.invoke': 'Call models',
  'genai/document.write': 'Upload and process documents',
  'genai/vector.read': 'Search vector indexes',
  'genai/vector.write': 'Create and fill vector indexes',
  'genai/prompt.read': 'Read prompt templates',
  'genai/prompt.write': 'Save prompt templates',
  'genai/usage.read': 'Read usage figures',
  'genai/admin':
    'Administer the environment: set limits, read the log of calls, add applications',
};

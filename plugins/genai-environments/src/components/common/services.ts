import type { ServiceName } from '@genai-environments/backstage-plugin-genai-environments-common';

const SERVICES: Record<ServiceName, { label: string; description: string }> = {
  'model-invocation': {
    label: 'Model invocation',
    description: 'Chat completions and embeddings, by an OpenAI-compatible API',
  },
  'document-processing': {
    label: 'Document processing',
    description: 'Extracts text from documents and cuts it into chunks',
  },
  vectorization: {
    label: 'Vectorization',
    description: 'Vector stores of your documents, and search in them',
  },
  'prompt-management': {
    label: 'Prompt management',
    description: 'Versioned prompt templates',
  },
  administration: {
    label: 'Administration',
    description: 'Models, applications and usage, by an API',
  },
  app: {
    label: 'App',
    description: 'A chat and summary app of your own to start from',
  },
};

/** What people call a service; its id when it is one that this plugin does not know. */
export function serviceLabel(name: string): string {
  return name in SERVICES ? SERVICES[name as ServiceName].label : name;
}

/** What a service is good for. */
export function serviceDescription(name: ServiceName): string {
  return SERVICES[name].description;
}

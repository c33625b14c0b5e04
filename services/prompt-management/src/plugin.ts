import type { ServiceDefinition } from '@genai-environments/service-kit';
import type { PromptTemplates } from './domain/PromptTemplates';
import { addPromptRoutes } from './routes/promptRoutes';

/** The service as the runtime mounts it. */
export function createPromptService(options: {
  prompts: PromptTemplates;
  health: ServiceDefinition['health'];
  close: ServiceDefinition['close'];
}): ServiceDefinition {
  const { prompts, health, close } = options;
  return {
    name: 'prompt-management',
    title: 'Prompts',
    description: 'Keeps prompt templates in versions, per application.',
    prefix: '/prompt',
    routes: app => addPromptRoutes(app, { prompts }),
    health,
    close,
  };
}

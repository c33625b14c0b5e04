import type { ServiceDefinition } from '@genai-environments/service-kit';
import type { PromptLabels } from './domain/PromptLabels';
import type { PromptTemplates } from './domain/PromptTemplates';
import { addLabelRoutes } from './routes/labelRoutes';
import { addPromptRoutes } from './routes/promptRoutes';
import { addRenderRoute } from './routes/renderRoute';

/** The service as the runtime mounts it. */
export function createPromptService(options: {
  templates: PromptTemplates;
  labels: PromptLabels;
  health: ServiceDefinition['health'];
  close: ServiceDefinition['close'];
}): ServiceDefinition {
  const { templates, labels, health, close } = options;
  return {
    name: 'prompt-management',
    title: 'Prompts',
    description:
      'Keeps prompt templates in versions, per application, labels and renders them.',
    prefix: '/prompt',
    routes(app) {
      addPromptRoutes(app, { templates });
      addLabelRoutes(app, { labels });
      addRenderRoute(app, { templates });
    },
    health,
    close,
  };
}

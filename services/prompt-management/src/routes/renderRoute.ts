import { classicOr, type ServiceApp } from '@genai-environments/service-kit';
import type { PromptTemplates } from '../domain/PromptTemplates';
import { renderedSchema, renderRequestSchema } from './schemas';

/** `POST /prompt/template/render`. */
export function addRenderRoute(
  app: ServiceApp,
  { templates }: { templates: PromptTemplates },
): void {
  app.post(
    '/prompt/template/render',
    {
      config: { auth: classicOr('genai/prompt.read') },
      schema: {
        summary: 'Fill in the variables of a prompt template',
        description:
          'Of the latest version, a stated one, or the one a label points at. Missing variables are named in a 422.',
        body: renderRequestSchema,
        response: { 200: renderedSchema },
      },
    },
    async request => templates.render(request.caller!.clientId, request.body),
  );
}

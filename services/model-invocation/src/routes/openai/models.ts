import { classicOr, type ServiceApp } from '@genai-environments/service-kit';
import * as z from 'zod';
import type { Model } from '../../domain/Model';
import type { RouteDependencies } from '../dependencies';
import { modelListSchema, modelSchema } from './schemas';

const auth = classicOr('genai/model.invoke');

/** `GET /v1/models` and `GET /v1/models/{id}`. */
export function addModelRoutes(
  app: ServiceApp,
  { catalog, clock }: RouteDependencies,
): void {
  // Upstreams do not say since when they have a model; this service knows its own start.
  const created = Math.floor(clock.now() / 1000);
  const describe = ({ id, provider }: Model) => ({
    id,
    object: 'model' as const,
    created,
    owned_by: provider,
  });

  app.get(
    '/v1/models',
    {
      config: { auth },
      schema: {
        summary: 'List the models of this environment, as OpenAI has it',
        response: { 200: modelListSchema },
        tags: ['OpenAI-compatible'],
      },
    },
    async () => ({
      object: 'list' as const,
      data: catalog.list().map(describe),
    }),
  );

  app.get(
    '/v1/models/*',
    {
      config: { auth },
      schema: {
        summary: 'Describe one model, as OpenAI has it',
        // Ids may hold slashes, so the rest of the address is the id.
        params: z.object({ '*': z.string().min(1).max(200) }),
        response: { 200: modelSchema },
        tags: ['OpenAI-compatible'],
      },
    },
    async request => describe(catalog.find(request.params['*'])),
  );
}

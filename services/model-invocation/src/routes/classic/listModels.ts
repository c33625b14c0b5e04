import { classicOr, type ServiceApp } from '@genai-environments/service-kit';
import type { ModelKind } from '../../domain/Model';
import type { RouteDependencies } from '../dependencies';
import { listModelsAnswerSchema } from './schemas';

/** `GET /model/list_models`. */
export function addListModelsRoute(
  app: ServiceApp,
  { catalog }: RouteDependencies,
): void {
  // Here a model's name is its id; classic clients send either.
  const list = (kind: ModelKind) =>
    catalog.list(kind).map(({ id }) => ({ model_name: id, model_id: id }));

  app.get(
    '/model/list_models',
    {
      config: { auth: classicOr('genai/model.invoke') },
      schema: {
        summary: 'List the models of this environment',
        response: { 200: listModelsAnswerSchema },
      },
    },
    async () => ({
      text_models: list('text'),
      embed_models: list('embedding'),
    }),
  );
}

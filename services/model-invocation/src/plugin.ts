import type { ServiceDefinition } from '@genai-environments/service-kit';
import { withAnthropicError } from './routes/anthropic/anthropicError';
import { addMessagesRoute } from './routes/anthropic/messages';
import { addAsyncInvokeRoutes } from './routes/classic/asyncInvoke';
import { addInvokeRoutes } from './routes/classic/invoke';
import { addListModelsRoute } from './routes/classic/listModels';
import { addRawInvokeRoute } from './routes/classic/rawInvoke';
import { createModelErrorHandler } from './routes/errorHandlers';
import type { RouteDependencies } from './routes/dependencies';
import { addUnknownRoutes } from './routes/unknownRoutes';
import { addChatRoute } from './routes/openai/chat';
import { addEmbeddingsRoute } from './routes/openai/embeddings';
import { addModelRoutes } from './routes/openai/models';
import { withOpenAiError } from './routes/openai/openAiError';

/** The service as the runtime mounts it. */
export function createModelService(options: {
  dependencies: RouteDependencies;
  health: ServiceDefinition['health'];
  start: () => Promise<void>;
  close: () => Promise<void>;
}): ServiceDefinition {
  const { dependencies, health, start, close } = options;
  return {
    name: 'model-invocation',
    title: 'Models',
    description:
      'Invokes the models of the environment: classic routes, OpenAI-compatible and Anthropic-compatible ones.',
    prefix: '/model',
    async routes(app) {
      const { newId } = dependencies;
      await app.register(async classic => {
        classic.setErrorHandler(createModelErrorHandler({ newId }));
        addListModelsRoute(classic, dependencies);
        addInvokeRoutes(classic, dependencies);
        addRawInvokeRoute(classic, dependencies);
        addAsyncInvokeRoutes(classic, dependencies);
      });
      await app.register(async openAi => {
        const decorate = withOpenAiError;
        openAi.setErrorHandler(createModelErrorHandler({ newId, decorate }));
        addModelRoutes(openAi, dependencies);
        addChatRoute(openAi, dependencies);
        addEmbeddingsRoute(openAi, dependencies);
      });
      await app.register(async anthropic => {
        const decorate = withAnthropicError;
        anthropic.setErrorHandler(createModelErrorHandler({ newId, decorate }));
        addMessagesRoute(anthropic, dependencies);
      });
      await addUnknownRoutes(app, newId);
    },
    health,
    start,
    close,
  };
}

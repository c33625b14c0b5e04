import {
  type IdGenerator,
  NotFoundError,
  type ServiceApp,
} from '@genai-environments/service-kit';
import { withAnthropicError } from './anthropic/anthropicError';
import { createModelErrorHandler } from './errorHandlers';
import { withOpenAiError } from './openai/openAiError';

/**
 * Answers for addresses that nothing has as the SDKs read them, which ask for more than
 * there is here. What is said is the app's: it refuses them before they are handled.
 */
export async function addUnknownRoutes(
  app: ServiceApp,
  newId: IdGenerator,
): Promise<void> {
  const prefixes = [
    ['/v1', withOpenAiError],
    ['/v1/messages', withAnthropicError],
  ] as const;
  for (const [prefix, decorate] of prefixes) {
    await app.register(
      async unknown => {
        unknown.setErrorHandler(createModelErrorHandler({ newId, decorate }));
        unknown.setNotFoundHandler(() => {
          throw new NotFoundError('There is no such route.', {
            code: 'unknown_route',
          });
        });
      },
      { prefix },
    );
  }
}
